#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "db/exchange/imported_runs.h"
#include "db/exchange/protobuf.h"

namespace epochal::store {

/// The most bytes of a name or a remark that is imported.
inline constexpr std::size_t kLongestWandbText = 1 << 14;

/// What a record of the log is about, by the number of its field.
enum class WandbRecord { history = 2, summary = 3, configuration = 5, run = 17, exit = 18 };

/// Calls `sink` for each message of the log, while it returns true. Returns false if the last
/// record is cut off. Throws Error for a damaged one.
bool each_wandb_message(const std::filesystem::path& file,
                        const std::function<bool(WandbRecord, const protozero::data_view&)>& sink);

/// A log, and what tells its run from others. Each time that a run is resumed it gets another log.
struct WandbLog {
  std::filesystem::path folder;  ///< of the run, with its files
  std::filesystem::path file;    ///< within the folder
  std::string project;
  std::string id;
  Timestamp start = 0;  ///< of this log; 0: unknown
};

/// The logs at this path, which is a log, a run's folder, or a folder of runs, such as "wandb": for
/// each run its logs, the oldest first. A log that does not name its run is a damaged run. Throws
/// Error if there is none.
std::vector<std::vector<WandbLog>> wandb_logs_by_run(const std::filesystem::path& path,
                                                     ImportedRuns& found);

}  // namespace epochal::store

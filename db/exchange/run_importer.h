#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "db/records.h"

namespace epochal::store {

/// Runs from comma-separated tables: a file, or a folder with runs.csv and epochs.csv. A row is
/// about the run in its column `run`, and about one epoch if it has a value in `epoch`. Columns are
/// params.NAME, metrics.NAME, tags.NAME, and experiment, seed, status, created, started, ended,
/// seconds, samples, learning_rate. Throws Error that names file and line.
std::vector<WholeRun> runs_from_csv(const std::filesystem::path& path);

/// Where an imported run comes from. This, its experiment and its parameters tell it from all other
/// runs, and stay the same while the run goes on.
struct RunOrigin {
  std::string tool;
  std::string name;    ///< of the run
  std::string source;  ///< what a run of this name in another project has not, see source_of()
};

/// When the run began, as its tool writes it, or, if it does not say, the absolute path: two
/// projects may have runs of the same name.
std::string source_of(const std::string& began, const std::filesystem::path& path);

/// Completes a run after all its values are read: identity, status, and an attempt for its epochs.
/// Epochs must be in order.
WholeRun finished_import(WholeRun run, const RunOrigin& origin);

/// Throws Error for a name of a metric, parameter or tag that is longer than MLflow allows. No tool
/// writes longer names, and each epoch keeps the names of its metrics: a table could need a
/// thousand times its size in memory.
void check_name(const std::string& name, const std::string& where);

/// The status of an imported run: unfinished ones are interrupted, since they neither wait nor run.
/// None for an unknown status.
std::optional<RunStatus> imported_status(const std::string& text);

/// A text as the value that it most likely was: 3, 0.5, true, or a text.
ParameterValue guessed_parameter(const std::string& text);

}  // namespace epochal::store

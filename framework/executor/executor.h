#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/records.h"

namespace epochal {

/// How the process of a run ended, as its parent sees it. What the run came to stands in the store.
struct RunExit {
  /// The exit code of a worker that stopped politely before its run was done.
  static constexpr int kStoppedEarly = 3;
  /// That of one which may not do the run: another process has it, or it is done or gone.
  static constexpr int kNotOurs = 4;

  RunId run;
  int exit_code = 0;
  int signal = 0;           ///< that killed it, or 0
  std::int64_t worker = 0;  ///< pid of the process
};

/// Who runs the runs. Submit while there is room, then poll until all have ended.
class Executor {
 public:
  virtual ~Executor() = default;

  /// How many more runs it takes now.
  virtual int room() const = 0;

  /// Starts a run. Throws Error if it cannot be started.
  virtual void submit(const RunRecord& run) = 0;

  /// The runs that have ended, waiting up to `patience` for one.
  virtual std::vector<RunExit> poll(std::chrono::milliseconds patience) = 0;

  /// Asks all running runs to stop after their current step.
  virtual void ask_to_stop() = 0;

  /// Ends all running runs at once.
  virtual void kill() = 0;
};

}  // namespace epochal

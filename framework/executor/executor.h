#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "db/records.h"

namespace epochal {

/// How the process of a run ended, as its parent sees it. The store has the result of the run.
struct RunExit {
  /// The exit code of a worker that stopped on request before its run was done.
  static constexpr int kStoppedEarly = 3;
  /// The exit code if the worker may not do the run: another process has it, or it is done or
  /// deleted.
  static constexpr int kNotOurs = 4;

  store::RunId run;
  int exit_code = 0;
  int signal = 0;           ///< the signal that killed it, or 0
  std::int64_t worker = 0;  ///< pid of the process
};

/// Does runs. Submit while there are free slots, then poll until all have ended.
class Executor {
 public:
  virtual ~Executor() = default;

  /// The number of runs that can be submitted now.
  virtual int room() const = 0;

  /// Starts a run. Throws Error if it cannot be started.
  virtual void submit(const store::RunRecord& run) = 0;

  /// The runs that have ended; waits up to `patience` for one.
  virtual std::vector<RunExit> poll(std::chrono::milliseconds patience) = 0;

  /// Asks all running runs to stop after their current step.
  virtual void ask_to_stop() = 0;

  /// Ends all running runs at once.
  virtual void kill() = 0;
};

}  // namespace epochal

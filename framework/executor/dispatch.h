#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "db/store.h"
#include "framework/executor/executor.h"
#include "framework/executor/run_source.h"
#include "framework/runner/worker.h"

namespace epochal {

/// Receives the progress of dispatch().
class DispatchObserver {
 public:
  virtual ~DispatchObserver() = default;
  virtual void started(const store::RunRecord& run) = 0;
  /// `run` as the store has it after its end.
  virtual void ended(const store::RunRecord& run) = 0;
  /// Another process is doing the run: dispatch() waits for it, and takes it over if that process
  /// dies.
  virtual void elsewhere(const store::RunRecord& run, const store::AttemptRecord& attempt) = 0;
  /// The run was moved to the trash or deleted before it was done.
  virtual void removed(store::RunId run) = 0;
  /// Called several times a second while runs are going on.
  virtual void waiting(const std::vector<store::RunId>& running) = 0;
};

/// When to start no more runs.
struct DispatchLimits {
  std::optional<Deadline> deadline;
  int retries = 0;         ///< of each failed run; a run that crashed its worker twice gets none
  bool fail_fast = false;  ///< the first failed run also stops the running ones
};

/// Does the runs of the source with the executor, in order. If a worker died without recording an
/// end, its run is recorded as failed, with the end of its log; if the worker was killed from
/// outside, the run is interrupted and can be resumed. Waits for a run that another process is
/// doing; skips a run that is in the trash or deleted. `stops()`: how often the user asked to stop;
/// once stops after the current step, twice at once. Starts and awaits no run after the limits are
/// reached or when the store's disk is full. Returns true if all runs were done.
bool dispatch(Executor& executor, store::Store& store, RunSource& runs,
              const std::function<int()>& stops, const DispatchLimits& limits,
              DispatchObserver& observer);

}  // namespace epochal

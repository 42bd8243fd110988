#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "db/store.h"
#include "framework/executor/executor.h"
#include "framework/runner/worker.h"

namespace epochal {

/// What dispatch tells whoever watches.
class DispatchObserver {
 public:
  virtual ~DispatchObserver() = default;
  virtual void started(const RunRecord& run) = 0;
  /// `run` as the store has it after its end.
  virtual void ended(const RunRecord& run) = 0;
  /// A run that another process is doing: it is waited for, and taken should that process go.
  virtual void elsewhere(const RunRecord& run, const AttemptRecord& attempt) = 0;
  /// A run that somebody has put into the trash or removed, and that is not done.
  virtual void removed(RunId run) = 0;
  /// Called several times a second while runs are going on.
  virtual void waiting(const std::vector<RunId>& running) = 0;
};

/// When to start no more runs.
struct DispatchLimits {
  std::optional<Deadline> deadline;
  int retries = 0;         ///< of each failed run; one that crashed its worker twice gets none
  bool fail_fast = false;  ///< the first failed run also asks those that are running to stop
};

/// Brings the runs through the executor, in order. A run whose worker died without recording an
/// end is recorded as failed, with the end of its log; one whose worker was killed from outside is
/// interrupted and can go on. A run that another process is doing is waited for; one that is in the
/// trash or gone is passed over. `stops()` says how often the user asked to
/// stop: once stops politely, twice at once. No run is started or waited for beyond the limits, or
/// when the store's disk is full. Returns true if all runs were brought through.
bool dispatch(Executor& executor, Store& store, const std::vector<RunId>& runs,
              const std::function<int()>& stops, const DispatchLimits& limits,
              DispatchObserver& observer);

}  // namespace epochal

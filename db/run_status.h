#pragma once

#include <string_view>

namespace epochal::store {

/// The status of a run.
enum class RunStatus {
  queued,       ///< waits for a worker; epochs are missing
  running,      ///< a worker has claimed it
  finished,     ///< has every epoch asked for
  failed,       ///< stopped by an error or a crash; kept with the error
  interrupted,  ///< stopped on request or lost its worker; can be resumed
  stopped,      ///< by a stop rule of its sweep; done unless more epochs are wanted
};

std::string_view name_of(RunStatus status);

/// Throws Error for a text that epochal never writes: the store was damaged or made elsewhere.
RunStatus run_status(std::string_view name);

/// The state machine of a run: whether it may change from one status to the other.
bool may_become(RunStatus from, RunStatus to);

}  // namespace epochal::store

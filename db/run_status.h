#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// Where a run stands.
enum class RunStatus {
  queued,       ///< asked for; has all the epochs that it has, but not all that it shall have
  running,      ///< a worker has claimed it
  finished,     ///< has every epoch asked for
  failed,       ///< stopped by an error or a crash; kept with the error
  interrupted,  ///< stopped politely or lost its worker; goes on where it was
  stopped,      ///< by a rule of its sweep, since it did not pay; done unless more is asked of it
};

std::string_view name_of(RunStatus status);

/// Throws Error for a text that epochal never wrote: the store was damaged or made elsewhere.
RunStatus run_status(std::string_view name);

/// The state machine of a run: whether it may go from one status to the other.
bool may_become(RunStatus from, RunStatus to);

}  // namespace epochal

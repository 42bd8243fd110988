#pragma once

#include "db/records.h"
#include "db/store.h"

namespace epochal {

/// Whether the process that made this unfinished attempt is gone. Only a process of this machine
/// can be known to be gone: pid and start time name it.
bool is_lost(const AttemptRecord& attempt);

/// Gives up the attempts of processes that are gone: their runs become interrupted. Returns how
/// many there were.
int release_lost_runs(Store& store);

}  // namespace epochal

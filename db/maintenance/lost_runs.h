#pragma once

#include <optional>
#include <string>

#include "db/query.h"
#include "db/records.h"
#include "db/store.h"

namespace epochal {

/// The attempt that has a run now; there is one at most.
std::optional<AttemptRecord> open_attempt(const Query& query, RunId run);

/// Whether the process that made this unfinished attempt is known to be gone. Of a process of
/// another machine, boot or container that cannot be known: its heartbeat tells.
bool is_lost(const AttemptRecord& attempt);

/// Whether the process is one that this one can see: then its heartbeat says nothing more.
bool is_in_sight(const AttemptRecord& attempt);

/// Gives an open attempt up, as the event says: its run becomes interrupted. Should its process be
/// alive after all, it can write no more.
void release(Store& store, const AttemptRecord& attempt, const std::string& why);

/// Gives up the attempts of processes that are known to be gone. Returns how many there were.
int release_lost_runs(Store& store);

/// Gives up all open attempts of a store that no other process can be using.
void release_all_runs(Store& store, const std::string& why);

}  // namespace epochal

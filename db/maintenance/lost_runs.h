#pragma once

#include <optional>
#include <string>

#include "db/query.h"
#include "db/records.h"
#include "db/store.h"

namespace epochal::store {

/// The open attempt of a run; there is at most one.
std::optional<AttemptRecord> open_attempt(const Query& query, RunId run);

/// Whether the process of this open attempt is known to be gone. For a process on another machine,
/// boot or container only the heartbeat tells.
bool is_lost(const AttemptRecord& attempt);

/// Whether this process can see the other one: then the heartbeat is not needed.
bool is_in_sight(const AttemptRecord& attempt);

/// Closes an open attempt, with an event: its run becomes interrupted. If its process is still
/// alive, it can no longer write.
void release(Store& store, const AttemptRecord& attempt, const std::string& why);

/// Closes the attempts of processes that are known to be gone. Returns their number.
int release_lost_runs(Store& store);

/// Closes all open attempts of a store that no other process uses.
void release_all_runs(Store& store, const std::string& why);

}  // namespace epochal::store

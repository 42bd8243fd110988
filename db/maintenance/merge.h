#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"

namespace epochal::store {

/// What a merge did.
struct MergeOutcome {
  std::size_t added = 0;             ///< new runs
  std::size_t replaced = 0;          ///< runs of which the other store has more
  std::size_t kept = 0;              ///< runs of which this store has as much or more
  std::vector<std::string> remarks;  ///< remarks for the user, a sentence each
};

/// Copies the runs of another store, with their sweeps and files, into this one: first the files,
/// durably, then all rows in one transaction. If both stores have a run, the record with more
/// epochs stays, then the one that has ended, then the one that is already here. Merging the same
/// store twice changes nothing. Skips files whose hash is not the recorded one, and runs that a
/// live process of this machine is working on. Throws Error.
MergeOutcome merge(Store& into, const Query& from);

/// The same for only these runs of the other store, without its sweeps.
MergeOutcome merge_runs(Store& into, const Query& from, const std::vector<RunId>& runs);

}  // namespace epochal::store

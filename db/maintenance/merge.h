#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"

namespace epochal {

/// What a merge did.
struct MergeOutcome {
  std::size_t added = 0;             ///< runs that were not there
  std::size_t replaced = 0;          ///< runs that go on from where the other store has them
  std::size_t kept = 0;              ///< runs of which the store had as much or more
  std::vector<std::string> remarks;  ///< what is worth telling, a sentence each
};

/// Brings the runs of another store, with their sweeps and files, into this one: first the files,
/// durably, then all rows in one transaction. Of two versions of a run the better founded one
/// stays: the one with more epochs, then the one that came to an end, then the one that is here
/// already. Merging the same store twice changes nothing. Files whose hash is not the recorded one
/// are left out, and so is a run that a live process of this machine is working on. Throws Error.
MergeOutcome merge(Store& into, const Query& from);

/// The same for these runs of the other store alone, without its sweeps.
MergeOutcome merge_runs(Store& into, const Query& from, const std::vector<RunId>& runs);

}  // namespace epochal

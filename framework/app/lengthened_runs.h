#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// Runs that are done, keep no state, and are asked for more epochs than they have: they would
/// begin again, and lose the epochs that they have.
struct LengthenedRuns {
  std::map<std::string, Epoch> done;  ///< by identity: the epochs that they have

  bool contains(const RunRecord& run) const { return done.contains(run.identity); }
  /// Throws Error, which says what to do, if there are any.
  void refuse(const std::vector<RunRecord>& wanted) const;
};

/// Looks for them. `stopped_go_on`: runs that a rule has stopped are continued.
LengthenedRuns lengthened_runs(const Query& query, const std::vector<RunRecord>& wanted,
                               bool stopped_go_on);

/// Whether the run's program begins again whenever it is started.
bool keeps_no_state(const Query& query, RunId run);

}  // namespace epochal

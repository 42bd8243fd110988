#pragma once

#include <map>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal::app {

/// Runs that are done and keep no state, while the sweep asks for more epochs than they have: they
/// would start again and lose their epochs.
struct LengthenedRuns {
  std::map<std::string, Epoch> done;  ///< by identity: the epochs of the run

  bool contains(const store::RunRecord& run) const { return done.contains(run.identity); }
  /// Throws Error with advice if there are any.
  void refuse(const std::vector<store::RunRecord>& wanted) const;
};

/// Finds them. `stopped_go_on`: whether runs that a stop rule ended are continued.
LengthenedRuns lengthened_runs(const store::Query& query,
                               const std::vector<store::RunRecord>& wanted, bool stopped_go_on);

}  // namespace epochal::app

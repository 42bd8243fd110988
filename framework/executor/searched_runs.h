#pragma once

#include <set>
#include <vector>

#include "framework/executor/run_source.h"
#include "framework/executor/sweep_search.h"

namespace epochal {

/// The runs of a search: first those of the trials that were asked for before and are not done,
/// then one after the other the runs of new trials. A trial whose point has a run that is done
/// already takes no time.
class SearchedRuns : public RunSource {
 public:
  /// `left_out`: runs that are not to be continued.
  SearchedRuns(SweepSearch& search, const store::Query& query,
               const std::vector<store::RunId>& left_out);

  bool has_more() override;
  std::optional<store::RunId> next() override;

 private:
  std::optional<store::RunId> unfinished_run();
  std::optional<store::RunId> taken(store::RunId run);

  SweepSearch& search_;
  const store::Query& query_;
  std::set<store::RunId> given_;  ///< runs that next() has given, or will not give
  bool is_exhausted_ = false;
};

}  // namespace epochal

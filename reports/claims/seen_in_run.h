#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/claims/claim_scope.h"
#include "reports/statistics/series.h"
#include "reports/statistics/student.h"

namespace epochal::report {

/// What one run shows.
struct SeenInRun {
  std::string text;
  std::string shortcoming;         ///< why the run cannot say; empty if it can
  std::optional<double> number;    ///< that is averaged over seeds
  std::optional<Estimate> within;  ///< the number with the error that the run itself shows
  std::optional<Verdict> verdict;  ///< of the run itself, where no number decides
};

/// What a run shows of a claim about its course. `level`: of the run's own tests.
SeenInRun seen_in(const ClaimScope& scope, const ReportedRun& run, double level);

/// The first epoch of the line of converged_by: without a window it has the last epoch and a fifth
/// of the epochs before it, at least five together.
Epoch trend_begin(const Claim& claim);

/// The training metric of a gap.
std::string training_metric_of(const ClaimScope& scope);

/// Validation and training of a run up to the claim's moment; empty if it has not come that far, or
/// if the moment is a step at which it has not measured both.
std::vector<PointPair> gap_pairs(const ClaimScope& scope, const ReportedRun& run);

}  // namespace epochal::report

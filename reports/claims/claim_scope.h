#pragma once

#include <string>
#include <vector>

#include "reports/claims.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/moment.h"
#include "reports/statistics/noise_floor.h"

namespace epochal::report {

/// A claim and the records that it is judged by.
struct ClaimScope {
  ClaimScope(const Claim& judged_claim, const ReportData& records);

  const Claim& claim;
  const ReportData& data;
  std::string metric;
  std::string over;
  std::optional<Better> better;
  Moment moment;

  /// Whether the claim is about the run: it has the value of `only`, a parameter or the seed.
  bool is_wanted(const ReportedRun& run) const;

  /// "last val.total at step 1,000".
  std::string statistic_text() const;

  /// The claim's metric up to the claim's moment. Empty if the run has not come that far.
  store::Series series(const ReportedRun& run) const;

  /// Whether the claim is about the metric at a step at which the run has not measured it: an
  /// older value would be one of fewer steps.
  bool lacks_moment(const ReportedRun& run) const;

  /// The claim's number of a run; none if it cannot be computed.
  std::optional<double> statistic(const ReportedRun& run) const;

  /// The claim's number of a run, sample by sample of its validation set; empty if it is not
  /// recorded, or is not a number of one epoch.
  std::vector<double> samples(const ReportedRun& run) const;

  /// Why the values of the parameter cannot be put in order, where the claim needs that; empty if
  /// they can.
  std::string why_without_order() const;

  /// Why the metric is not comparable between values of the parameter; empty if it is.
  std::string obstacle(const ComparableRuns& comparable) const;

  /// Why there is nothing to compare.
  std::string why_nothing_to_compare(const ComparableRuns& comparable) const;

  /// "no run has measured val.los: did you mean 'val.loss'?"; empty if one has.
  std::string why_not_measured(const std::string& name) const;

  /// "no run has dataset_size 7": of the claim's `only`.
  std::string no_run_is_wanted() const;
};

/// What a claim's judgement is made of.
struct Judgement {
  Verdict verdict = Verdict::undecided;
  std::string rule;
  std::vector<std::string> numbers;
  std::vector<const ReportedRun*> runs;  ///< that were used

  /// The judgement of a claim that cannot be tested.
  Judgement undecided(std::string why) {
    numbers.push_back(std::move(why));
    return std::move(*this);
  }
  void note(const ReportedRun& run);
};

/// decreases, increases, equal_within, ratio and better_than.
Judgement judge_steps(const ClaimScope& scope);
/// converged_by, spikes, settled and gap.
Judgement judge_settings(const ClaimScope& scope);
/// power_law.
Judgement judge_law(const ClaimScope& scope);

}  // namespace epochal::report

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reports/report_data.h"
#include "reports/statistics/moment.h"

namespace epochal::report {

/// Runs whose numbers may be compared and averaged.
struct ComparableSet {
  std::string where;  ///< what distinguishes it: "gamma 1, 20 epochs"; empty if it is the only one
  std::vector<const ReportedRun*> runs;        ///< empty if no run is finished
  std::vector<const ReportedRun*> unfinished;  ///< that may join it later
};

/// The runs of a report that are comparable by a metric: finished ones of one experiment, with the
/// same number of epochs, the same values of the parameters that change what the metric means, and,
/// where it is recorded, the same validation set. This is the only rule for comparing and averaging
/// final values. After the same number of steps or images, runs need not be finished, nor have the
/// same number of epochs. The base says how the kinds of the sets differ.
struct ComparableRuns : store::KindDifferences {
  std::vector<ComparableSet> sets;        ///< in the order of their first finished runs
  std::set<std::string> validation_sets;  ///< fingerprints; one is empty if it is not recorded
  std::size_t unfinished = 0;             ///< runs that are left out
  Moment moment;

  /// Says what the rule separates or leaves out, in sentences that each begin with a space; empty
  /// if nothing.
  std::string remarks(const std::string& metric) const;
};

ComparableRuns comparable_runs(const ReportData& data, const std::string& metric,
                               const Moment& moment = {});

/// The number of sets that a report shows one by one: the first few.
std::size_t shown_sets(const ComparableRuns& comparable);

/// " 12 more sets of comparable runs are not shown."; empty if all are shown.
std::string sets_left_out(const ComparableRuns& comparable);

/// The seeds whose last values may be averaged: finished, and of the most frequent length; of two
/// such lengths the longer. `group`: indices into `runs`.
std::vector<std::size_t> averaged_runs(const std::vector<store::RunRecord>& runs,
                                       const std::vector<std::size_t>& group);

/// The mean and spread of `values`, the averaged ones of `seeds` runs, at epoch `length`: "2.31 ±
/// 0.05 (2 of 3, epoch 6)", without the parentheses if all are averaged. NaN and infinities are
/// left out; "not finite" if several have nothing else. "…" if none of several can be averaged;
/// empty if the only run has no value.
std::string average_text(const std::vector<double>& values, std::size_t seeds, Epoch length);

/// Whether lower or higher values of a metric are better, as the experiments of a report's runs
/// declare; none if it is undeclared, has no direction, or the experiments differ.
std::optional<Better> better_of(const ReportData& data, const std::string& metric);

bool is_better(double value, double than, Better better);

}  // namespace epochal::report

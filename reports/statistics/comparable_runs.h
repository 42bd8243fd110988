#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal {

/// Runs whose numbers may be held against each other and averaged.
struct ComparableSet {
  std::string where;  ///< what sets it apart: "gamma 1, 20 epochs"; empty if it is the only one
  std::vector<const ReportedRun*> runs;        ///< none where no run is finished
  std::vector<const ReportedRun*> unfinished;  ///< that may come to it
};

/// Which runs of a report compare by a metric: finished ones of one experiment, with as many epochs
/// as each other and the same values of the parameters that change what the metric means. This is
/// the one rule for final values, wherever they are compared or averaged.
struct ComparableRuns {
  std::vector<ComparableSet> sets;  ///< in the order of their first finished runs
  std::set<std::string> experiments;
  std::set<int> versions;
  std::set<std::string> parameters;  ///< that differ, and change what the metric means
  std::set<Epoch> lengths;           ///< of the finished runs
  std::size_t unfinished = 0;        ///< runs that are left out

  /// What the rule keeps apart or leaves out here, in sentences that each begin with a space; empty
  /// where it does neither.
  std::string remarks(const std::string& metric) const;
};

ComparableRuns comparable_runs(const ReportData& data, const std::string& metric);

/// How many of the sets a report shows, one by one: the first few.
std::size_t shown_sets(const ComparableRuns& comparable);

/// " 12 more sets of runs that compare are not shown."; empty where all are.
std::string sets_left_out(const ComparableRuns& comparable);

/// Of seeds, those whose last values may be averaged: finished, and of the length that most of
/// them have; of two such lengths the longer. `group` are indices into `runs`.
std::vector<std::size_t> averaged_runs(const std::vector<RunRecord>& runs,
                                       const std::vector<std::size_t>& group);

/// The mean and spread of `values`, which are all that is averaged of `seeds` runs, at epoch
/// `length`: "2.31 ± 0.05 (2 of 3, epoch 6)", or without the brackets where all are. "…" where none
/// of several can be averaged; empty where nothing was measured of the only one.
std::string average_text(const std::vector<double>& values, std::size_t seeds, Epoch length);

/// Whether less or more of a metric is better, as the experiments of a report's runs declare; none
/// where no one declares it, it has no direction, or they differ.
std::optional<Better> better_of(const ReportData& data, const std::string& metric);

bool is_better(double value, double than, Better better);

}  // namespace epochal

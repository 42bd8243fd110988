#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/claim.h"
#include "reports/report_data.h"

namespace epochal::report {

/// Empty if the run does not have the metric.
const store::Series& series_of(const ReportedRun& run, const std::string& metric);

/// The best finite value of a series and its epoch; none if there is no finite one.
std::optional<store::SeriesPoint> best_point(const store::Series& series, Better better);

/// One number of a series: its first, last or best value, or the epoch at which it settles (see
/// settling.h). None for an empty series, and if values that matter are not finite; no best value
/// without a direction.
std::optional<double> statistic_of(const store::Series& series, Claim::Statistic statistic,
                                   std::optional<Better> better);

/// Two metrics of one epoch.
struct PointPair {
  Epoch epoch = 0;
  double first = 0;
  double second = 0;
};

/// The common epochs of both series.
std::vector<PointPair> joined(const store::Series& first, const store::Series& second);

/// The training metric for a validation metric: train.total for val.total; empty for other metrics.
std::string training_twin(const std::string& metric);

/// (validation - training) / training, of the last of these pairs.
std::optional<double> relative_gap(const std::vector<PointPair>& pairs);

}  // namespace epochal::report

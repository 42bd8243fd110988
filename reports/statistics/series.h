#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/claim.h"
#include "reports/report_data.h"

namespace epochal {

/// Empty if the run does not have the metric.
const Series& series_of(const ReportedRun& run, const std::string& metric);

/// The best finite value of a series and its epoch; none if there is no finite one.
std::optional<SeriesPoint> best_point(const Series& series, Better better);

/// One number of a series: its first, last or best value, or the epoch from which on it stays
/// within a tenth of its whole way from its last value ("settled"). None of an empty series, and
/// of one with values that are not finite where these matter; no best without a direction.
std::optional<double> statistic_of(const Series& series, Claim::Statistic statistic,
                                   std::optional<Better> better);

/// A value that is much worse than its neighbours.
struct Spike {
  Epoch epoch = 0;
  double factor = 0;  ///< over the median of its neighbours
};

/// Values above the one before and above `height` times the median of the two before and the two
/// after; where more is better, values below the one before and below the median divided by
/// `height`. The first and the last of a series are none: they have no neighbours on one side.
std::vector<Spike> spikes_of(const Series& series, double height, Better better);

/// Two metrics of one epoch.
struct PointPair {
  Epoch epoch = 0;
  double first = 0;
  double second = 0;
};

/// The epochs that both series have.
std::vector<PointPair> joined(const Series& first, const Series& second);

/// The training metric that goes with a validation metric: train.total for val.total; empty if the
/// metric is none of validation.
std::string training_twin(const std::string& metric);

/// (validation - training) / training, both of the last epoch that has both.
std::optional<double> relative_gap(const ReportedRun& run, const std::string& validation,
                                   const std::string& training);

}  // namespace epochal

// Statistics of a series of epochs.

#include "reports/statistics/series.h"

#include <cmath>

#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/settling.h"

namespace epochal::report {

const store::Series& series_of(const ReportedRun& run, const std::string& metric) {
  static const store::Series kNone;
  const auto found = run.metrics.find(metric);
  return found == run.metrics.end() ? kNone : found->second;
}

namespace {

std::optional<double> if_finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<store::SeriesPoint> best_point(const store::Series& series, Better better) {
  std::optional<store::SeriesPoint> best;
  for (const store::SeriesPoint& point : series) {
    if (!std::isfinite(point.value)) continue;
    if (!best || is_better(point.value, best->value, better)) best = point;
  }
  return best;
}

std::optional<double> statistic_of(const store::Series& series, Claim::Statistic statistic,
                                   std::optional<Better> better) {
  if (series.empty()) return std::nullopt;
  switch (statistic) {
    case Claim::Statistic::first:
      return if_finite(series.front().value);
    case Claim::Statistic::last:
      return if_finite(series.back().value);
    case Claim::Statistic::best: {
      const auto best = better ? best_point(series, *better) : std::nullopt;
      return best ? std::optional(best->value) : std::nullopt;
    }
    case Claim::Statistic::settled: {
      const auto settling = settling_of(series, kSettledDistance);
      return settling ? std::optional<double>(settling->epoch) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::vector<PointPair> joined(const store::Series& first, const store::Series& second) {
  std::vector<PointPair> pairs;
  auto other = second.begin();
  for (const store::SeriesPoint& point : first) {
    while (other != second.end() && other->epoch < point.epoch) ++other;
    if (other == second.end()) break;
    if (other->epoch == point.epoch) pairs.push_back({point.epoch, point.value, other->value});
  }
  return pairs;
}

std::string training_twin(const std::string& metric) {
  return metric.starts_with("val.") ? "train." + metric.substr(4) : "";
}

std::optional<double> relative_gap(const std::vector<PointPair>& pairs) {
  if (pairs.empty() || !(pairs.back().second > 0)) return std::nullopt;
  return if_finite((pairs.back().first - pairs.back().second) / pairs.back().second);
}

}  // namespace epochal::report

// Statistics of a series of epochs.

#include "reports/statistics/series.h"

#include <algorithm>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>

#include "reports/statistics/comparable_runs.h"

namespace epochal::report {

const store::Series& series_of(const ReportedRun& run, const std::string& metric) {
  static const store::Series kNone;
  const auto found = run.metrics.find(metric);
  return found == run.metrics.end() ? kNone : found->second;
}

namespace {

double settled(const store::Series& series) {
  constexpr double kNear = 0.1;
  const double last = series.back().value;
  const double near = kNear * std::abs(series.front().value - last);
  Epoch from = series.back().epoch;
  for (auto point = series.rbegin(); point != series.rend(); ++point) {
    if (!(std::abs(point->value - last) <= near)) break;
    from = point->epoch;
  }
  return from;
}

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
    case Claim::Statistic::settled:
      if (!std::isfinite(series.front().value) || !std::isfinite(series.back().value)) return {};
      return settled(series);
  }
  return std::nullopt;
}

std::vector<Spike> spikes_of(const store::Series& series, double height, Better better) {
  constexpr std::size_t kReach = 2;
  const bool upwards = better == Better::lower;
  std::vector<Spike> spikes;
  for (std::size_t i = 1; i + 1 < series.size(); ++i) {
    const double step = series[i].value - series[i - 1].value;
    if (!(upwards ? step > 0 : step < 0)) continue;
    std::vector<double> neighbours;
    for (std::size_t j = i - std::min(i, kReach); j <= std::min(i + kReach, series.size() - 1);
         ++j) {
      if (j != i && std::isfinite(series[j].value)) neighbours.push_back(series[j].value);
    }
    if (neighbours.empty()) continue;
    const double usual = boost::math::statistics::median(neighbours);
    if (usual > 0 &&
        (upwards ? series[i].value > height * usual : series[i].value * height < usual)) {
      spikes.push_back({series[i].epoch, series[i].value / usual});
    }
  }
  return spikes;
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

std::optional<double> relative_gap(const ReportedRun& run, const std::string& validation,
                                   const std::string& training) {
  const std::vector<PointPair> pairs = joined(series_of(run, validation), series_of(run, training));
  if (pairs.empty() || !(pairs.back().second > 0)) return std::nullopt;
  return if_finite((pairs.back().first - pairs.back().second) / pairs.back().second);
}

}  // namespace epochal::report

// The slope of a series with its error.

#include "reports/statistics/trend.h"

#include <algorithm>
#include <boost/math/statistics/linear_regression.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <vector>

namespace epochal::report {
namespace {

/// By which a line's standard error grows if neighbouring residuals resemble each other. It never
/// shrinks.
double widening(const std::vector<double>& residuals) {
  // The mean of the lag-1 autocorrelation of a line's residuals is about -2.5/n for independent
  // noise; more than 0.8 cannot be told from a trend in a short series.
  constexpr double kBias = 2.5;
  constexpr double kLargest = 0.8;
  double products = 0;
  double squares = 0;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    squares += residuals[i] * residuals[i];
    if (i > 0) products += residuals[i] * residuals[i - 1];
  }
  if (!(squares > 0)) return 1;
  const double measured = products / squares + kBias / static_cast<double>(residuals.size());
  const double correlation = std::clamp(measured, 0.0, kLargest);
  return std::sqrt((1 + correlation) / (1 - correlation));
}

}  // namespace

std::optional<Estimate> relative_change(const store::Series& series, Epoch first, Epoch last) {
  std::vector<double> epochs;
  std::vector<double> values;
  for (const store::SeriesPoint& point : series) {
    if (point.epoch < first || point.epoch > last) continue;
    if (!std::isfinite(point.value)) return std::nullopt;
    epochs.push_back(point.epoch);
    values.push_back(point.value);
  }
  if (epochs.size() < kFewestEpochsForATrend || epochs.back() != last) return std::nullopt;

  using boost::math::statistics::simple_ordinary_least_squares;
  const auto [intercept, slope] = simple_ordinary_least_squares(epochs, values);
  const double end = std::abs(intercept + slope * last);
  std::vector<double> residuals;
  double squares = 0;
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    residuals.push_back(values[i] - (intercept + slope * epochs[i]));
    squares += residuals.back() * residuals.back();
  }
  const auto count = static_cast<double>(epochs.size());
  const double spread = count * boost::math::statistics::variance(epochs);
  const double error = std::sqrt(squares / (count - 2) / spread) * widening(residuals);
  const double factor = (epochs.back() - epochs.front()) / end;
  const Estimate change{slope * factor, error * factor, count - 2};
  if (!(end > 0) || !change.is_finite()) return std::nullopt;
  return change;
}

}  // namespace epochal::report

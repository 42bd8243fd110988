// Student's t over seeds, with means and variances by Boost.Math.

#include "reports/statistics/seed_statistics.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace epochal::report {
namespace {

using boost::math::statistics::mean;
using boost::math::statistics::sample_variance;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kConfidence = 0.95;

/// A mean or a difference of means, with its standard error.
struct Estimate {
  double value = 0;
  double error = 0;
  double degrees = 1;  ///< of freedom
};

double quantile(double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), 1 - (1 - kConfidence) / 2);
}

/// P(T > t).
double upper_tail(double t, double degrees) {
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), t));
}

Interval around(const Estimate& estimate) {
  const double reach = estimate.error > 0 ? quantile(estimate.degrees) * estimate.error : 0;
  return {estimate.value - reach, estimate.value + reach};
}

Estimate estimate_of(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  return {mean(values), std::sqrt(sample_variance(values) / count), count - 1};
}

std::vector<double> plain(const SeedValues& values) {
  std::vector<double> result;
  for (const auto& [seed, value] : values) result.push_back(value);
  return result;
}

bool have_same_seeds(const SeedValues& a, const SeedValues& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.first == y.first; });
}

Estimate paired(const SeedValues& from, const SeedValues& to) {
  std::vector<double> differences;
  for (const auto& [seed, value] : to) differences.push_back(value - from.at(seed));
  return estimate_of(differences);
}

Estimate welch(const SeedValues& from, const SeedValues& to) {
  const Estimate a = estimate_of(plain(from));
  const Estimate b = estimate_of(plain(to));
  const double error = std::hypot(a.error, b.error);
  // Welch and Satterthwaite's degrees of freedom, computed from shares, whose squares neither
  // overflow nor underflow. For constants any number works.
  const double first = error > 0 ? std::pow(a.error / error, 2) : 1;
  const double second = error > 0 ? std::pow(b.error / error, 2) : 0;
  const double degrees = 1 / (first * first / a.degrees + second * second / b.degrees);
  return {b.value - a.value, error, degrees};
}

/// The distance between two values in standard errors; infinite for constants that differ.
double distance(double above, double below, double error) {
  if (error > 0) return (above - below) / error;
  return above == below ? 0 : above > below ? kInfinity : -kInfinity;
}

SeedComparison compare(const Estimate& estimate, Interval target, bool is_paired) {
  SeedComparison comparison;
  comparison.estimate = estimate.value;
  comparison.interval = around(estimate);
  comparison.is_paired = is_paired;
  const double above_low =
      std::isinf(target.low) ? kInfinity : distance(estimate.value, target.low, estimate.error);
  const double below_high =
      std::isinf(target.high) ? kInfinity : distance(target.high, estimate.value, estimate.error);
  comparison.p_inside = std::min(1.0, 2 * std::max(upper_tail(above_low, estimate.degrees),
                                                   upper_tail(below_high, estimate.degrees)));
  comparison.p_outside = std::min(1.0, 2 * std::min(upper_tail(-above_low, estimate.degrees),
                                                    upper_tail(-below_high, estimate.degrees)));
  return comparison;
}

}  // namespace

std::optional<Interval> mean_interval(const std::vector<double>& values) {
  if (values.size() < 2) return std::nullopt;
  const Estimate estimate = estimate_of(values);
  if (!std::isfinite(estimate.value) || !std::isfinite(estimate.error)) return std::nullopt;
  return around(estimate);
}

std::optional<SeedComparison> difference(const SeedValues& from, const SeedValues& to,
                                         Interval target) {
  if (from.size() < 2 || to.size() < 2) return std::nullopt;
  const bool is_paired = have_same_seeds(from, to);
  const Estimate estimate = is_paired ? paired(from, to) : welch(from, to);
  if (!std::isfinite(estimate.value) || !std::isfinite(estimate.error)) return std::nullopt;
  return compare(estimate, target, is_paired);
}

std::optional<SeedComparison> ratio(const SeedValues& from, const SeedValues& to, Interval target) {
  const auto logarithms = [](const SeedValues& values) {
    SeedValues logs;
    for (const auto& [seed, value] : values) logs[seed] = std::log(value);
    return logs;
  };
  const auto is_positive = [](const auto& entry) { return entry.second > 0; };
  if (!std::all_of(from.begin(), from.end(), is_positive) ||
      !std::all_of(to.begin(), to.end(), is_positive)) {
    return std::nullopt;
  }
  auto comparison =
      difference(logarithms(to), logarithms(from), {std::log(target.low), std::log(target.high)});
  if (!comparison) return std::nullopt;
  comparison->estimate = std::exp(comparison->estimate);
  comparison->interval = {std::exp(comparison->interval.low), std::exp(comparison->interval.high)};
  return comparison;
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double highest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double factor = static_cast<double>(order.size() - rank);
    highest = std::max(highest, std::min(1.0, factor * p_values[order[rank]]));
    adjusted[order[rank]] = highest;
  }
  return adjusted;
}

}  // namespace epochal::report

// Student's t distribution, with means and variances by Boost.Math.

#include "reports/statistics/student.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>

namespace epochal::report {

bool Estimate::is_finite() const {
  return std::isfinite(value) && std::isfinite(error);
}

double student_quantile(double probability, double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double student_upper_tail(double t, double degrees) {
  if (std::isinf(t)) return t > 0 ? 0 : 1;
  return boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), t));
}

Interval interval_around(const Estimate& estimate, double confidence) {
  const double reach =
      estimate.error > 0
          ? student_quantile(1 - (1 - confidence) / 2, estimate.degrees) * estimate.error
          : 0;
  return {estimate.value - reach, estimate.value + reach};
}

Estimate estimate_of(const std::vector<double>& values) {
  using boost::math::statistics::mean;
  using boost::math::statistics::sample_variance;
  const auto count = static_cast<double>(values.size());
  return {mean(values), std::sqrt(sample_variance(values) / count), count - 1};
}

Estimate with_errors(double value, const Estimate& first, const Estimate& second) {
  const double error = std::hypot(first.error, second.error);
  // Shares, whose squares neither overflow nor underflow. For constants any number works.
  const double of_first = error > 0 ? std::pow(first.error / error, 2) : 1;
  const double of_second = error > 0 ? std::pow(second.error / error, 2) : 0;
  const double degrees =
      1 / (of_first * of_first / first.degrees + of_second * of_second / second.degrees);
  return {value, error, degrees};
}

Estimate with_uneven_errors(double value, const Estimate& first, const Estimate& second) {
  if (!(first.error > 0)) return {value, second.error, second.degrees};
  if (!(second.error > 0)) return {value, first.error, first.degrees};
  constexpr double kUpper = 1 - (1 - kConfidence) / 2;
  constexpr int kHalvings = 40;
  const double error = std::hypot(first.error, second.error);
  const double wanted = std::hypot(student_quantile(kUpper, first.degrees) * first.error,
                                   student_quantile(kUpper, second.degrees) * second.error) /
                        error;
  double few = std::min(first.degrees, second.degrees);
  double many = std::max(first.degrees, second.degrees);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (few + many) / 2;
    (student_quantile(kUpper, middle) > wanted ? few : many) = middle;
  }
  return {value, error, few};
}

std::optional<Interval> mean_interval(const std::vector<double>& values) {
  if (values.size() < 2) return std::nullopt;
  const Estimate estimate = estimate_of(values);
  if (!estimate.is_finite()) return std::nullopt;
  return interval_around(estimate);
}

}  // namespace epochal::report

#pragma once

#include <optional>
#include <vector>

namespace epochal::report {

/// From `low` to `high`, both included.
struct Interval {
  double low = 0;
  double high = 0;
};

constexpr double kConfidence = 0.95;

/// A mean or a difference of means, with its standard error.
struct Estimate {
  double value = 0;
  double error = 0;
  double degrees = 1;  ///< of freedom

  bool is_finite() const;
};

/// Quantile of Student's t distribution.
double student_quantile(double probability, double degrees);

/// P(T > t) of Student's t distribution. Infinite t are allowed.
double student_upper_tail(double t, double degrees);

/// The two-sided interval around an estimate (Student, Biometrika 1908). An error of 0 makes it a
/// point.
Interval interval_around(const Estimate& estimate, double confidence = kConfidence);

/// The mean of at least two values with its standard error.
Estimate estimate_of(const std::vector<double>& values);

/// An estimate whose error has two independent parts. Degrees of freedom by Welch and Satterthwaite
/// (Biometrics Bulletin 1946).
Estimate with_errors(double value, const Estimate& first, const Estimate& second);

/// The same for parts of which one may have very few degrees of freedom: their number is chosen so
/// that the 95 % interval's reach is the root of the sum of both parts' squared reaches. Welch and
/// Satterthwaite's is too narrow where the part with few degrees happens to be small.
Estimate with_uneven_errors(double value, const Estimate& first, const Estimate& second);

/// 95 % Student interval of a mean. None for fewer than two values, or if they are too large to
/// compute with.
std::optional<Interval> mean_interval(const std::vector<double>& values);

}  // namespace epochal::report

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reports/statistics/student.h"

namespace epochal::report {

/// A value at one place, such as a loss at a number of images.
struct LawPoint {
  std::uint64_t seed = 0;
  double x = 0;
  double y = 0;
};

/// y = offset + factor * x^exponent.
struct PowerLaw {
  double factor = 0;
  double exponent = 0;
  double offset = 0;
  bool has_offset = false;
  std::size_t seeds = 0;  ///< over which the exponent's error is
  /// Of the exponent, over seeds; none if they do not show how far it varies.
  std::optional<Estimate> over_seeds;

  double operator()(double x) const;
};

/// Fits a power law by least squares of relative deviations: without an offset, of logarithms.
///
/// The error of the exponent is that of its mean over the seeds that have a value at every place,
/// each of which has a law of its own: values of one seed are not independent. If each place has
/// other seeds, it comes from the spread of the seeds at each place, pooled. None with fewer than
/// two seeds.
///
/// The offset is kept if at least four places have the same three or more seeds and the curve
/// through the logarithms bends upwards, significantly over seeds at the 5 % level. Otherwise it is
/// 0.
///
/// None with fewer than three different x, or values that are not positive.
std::optional<PowerLaw> fit_power_law(const std::vector<LawPoint>& points);

}  // namespace epochal::report

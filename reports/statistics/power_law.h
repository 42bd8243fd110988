#pragma once

#include <optional>
#include <utility>
#include <vector>

namespace epochal::report {

/// y = factor * x^exponent, fitted by least squares of the logarithms.
struct PowerLaw {
  double factor = 0;
  double exponent = 0;
  double error = 0;  ///< standard error of the exponent

  double operator()(double x) const;
};

/// None with fewer than three different x, or values that are not positive.
std::optional<PowerLaw> fit_power_law(const std::vector<std::pair<double, double>>& points);

}  // namespace epochal::report

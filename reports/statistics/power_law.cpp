// A straight line in logarithms.

#include "reports/statistics/power_law.h"

#include <boost/math/statistics/linear_regression.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <cmath>
#include <set>

namespace epochal::report {

double PowerLaw::operator()(double x) const {
  return factor * std::pow(x, exponent);
}

std::optional<PowerLaw> fit_power_law(const std::vector<std::pair<double, double>>& points) {
  std::set<double> places;
  std::vector<double> log_x;
  std::vector<double> log_y;
  for (const auto& [x, y] : points) {
    if (!(x > 0 && y > 0 && std::isfinite(x) && std::isfinite(y))) return std::nullopt;
    log_x.push_back(std::log(x));
    places.insert(log_x.back());
    log_y.push_back(std::log(y));
  }
  if (places.size() < 3) return std::nullopt;

  using boost::math::statistics::simple_ordinary_least_squares;
  const auto [intercept, slope] = simple_ordinary_least_squares(log_x, log_y);
  PowerLaw law{std::exp(intercept), slope, 0};
  double residual = 0;
  for (std::size_t i = 0; i < log_x.size(); ++i) {
    residual += std::pow(log_y[i] - (intercept + slope * log_x[i]), 2);
  }
  const auto count = static_cast<double>(points.size());
  const double squares = count * boost::math::statistics::variance(log_x);
  law.error = std::sqrt(residual / (count - 2) / squares);
  return law;
}

}  // namespace epochal::report

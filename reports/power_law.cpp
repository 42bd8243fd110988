// A straight line in logarithms.

#include "reports/power_law.h"

#include <cmath>
#include <set>

namespace epochal {

double PowerLaw::operator()(double x) const {
  return factor * std::pow(x, exponent);
}

std::optional<PowerLaw> fit_power_law(const std::vector<std::pair<double, double>>& points) {
  std::set<double> places;
  double mean_x = 0;
  double mean_y = 0;
  const auto count = static_cast<double>(points.size());
  for (const auto& [x, y] : points) {
    if (!(x > 0 && y > 0 && std::isfinite(x) && std::isfinite(y))) return std::nullopt;
    places.insert(x);
    mean_x += std::log(x) / count;
    mean_y += std::log(y) / count;
  }
  if (places.size() < 3) return std::nullopt;

  double xx = 0;
  double xy = 0;
  for (const auto& [x, y] : points) {
    xx += std::pow(std::log(x) - mean_x, 2);
    xy += (std::log(x) - mean_x) * (std::log(y) - mean_y);
  }
  PowerLaw law;
  law.exponent = xy / xx;
  law.factor = std::exp(mean_y - law.exponent * mean_x);
  double residual = 0;
  for (const auto& [x, y] : points) residual += std::pow(std::log(y) - std::log(law(x)), 2);
  law.error = std::sqrt(residual / (count - 2) / xx);
  return law;
}

}  // namespace epochal

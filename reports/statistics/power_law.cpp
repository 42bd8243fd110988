// Power laws with errors over seeds.

#include "reports/statistics/power_law.h"

#include <algorithm>
#include <boost/math/statistics/linear_regression.hpp>
#include <boost/math/statistics/univariate_statistics.hpp>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <map>
#include <set>

#include "reports/statistics/seed_statistics.h"

namespace epochal::report {
namespace {

constexpr std::size_t kFewestPlacesForAnOffset = 4;
constexpr double kLevelOfOffset = 0.05;

using SeedPoints = std::vector<LawPoint>;

double mean_log(const SeedPoints& points) {
  double sum = 0;
  for (const LawPoint& point : points) sum += std::log(point.x);
  return sum / static_cast<double>(points.size());
}

/// A straight line in logarithms.
PowerLaw straight_law_of(const SeedPoints& points) {
  std::vector<double> log_x;
  std::vector<double> log_y;
  for (const LawPoint& point : points) {
    log_x.push_back(std::log(point.x));
    log_y.push_back(std::log(point.y));
  }
  const auto [intercept, slope] =
      boost::math::statistics::simple_ordinary_least_squares(log_x, log_y);
  PowerLaw law;
  law.factor = std::exp(intercept);
  law.exponent = slope;
  return law;
}

/// The coefficient of the square in a parabola through the logarithms.
double bend_of(const SeedPoints& points) {
  const double centre = mean_log(points);
  double s2 = 0;
  double s3 = 0;
  double s4 = 0;
  double y0 = 0;
  double y1 = 0;
  double y2 = 0;
  for (const LawPoint& point : points) {
    const double x = std::log(point.x) - centre;
    const double y = std::log(point.y);
    s2 += x * x;
    s3 += x * x * x;
    s4 += x * x * x * x;
    y0 += y;
    y1 += x * y;
    y2 += x * x * y;
  }
  const auto count = static_cast<double>(points.size());
  // Least squares of 1, x and x² with the sum of x being 0.
  return (y2 - s2 / count * y0 - s3 / s2 * y1) / (s4 - s2 * s2 / count - s3 * s3 / s2);
}

/// Factor and offset at a given exponent, by least squares of relative deviations, and their sum.
struct Bent {
  double factor = 0;
  double offset = 0;
  double squares = 0;
};

Bent bent_at(const SeedPoints& points, double exponent, double centre) {
  double uu = 0;
  double uv = 0;
  double vv = 0;
  double u = 0;
  double v = 0;
  const auto part = [&](const LawPoint& point) {
    return std::exp(exponent * (std::log(point.x) - centre)) / point.y;
  };
  for (const LawPoint& point : points) {
    const double a = part(point);
    const double c = 1 / point.y;
    uu += a * a;
    uv += a * c;
    vv += c * c;
    u += a;
    v += c;
  }
  Bent bent;
  const double determinant = uu * vv - uv * uv;
  if (determinant > 0) {
    bent.factor = (u * vv - v * uv) / determinant;
    bent.offset = (v * uu - u * uv) / determinant;
  }
  if (!(bent.offset > 0)) {
    bent.offset = 0;
    bent.factor = u / uu;
  }
  for (const LawPoint& point : points) {
    const double deviation = bent.factor * part(point) + bent.offset / point.y - 1;
    bent.squares += deviation * deviation;
  }
  return bent;
}

/// With an offset: the best exponent of the same sign as without one.
PowerLaw bent_law_of(const SeedPoints& points) {
  constexpr double kSmallest = 1e-3;
  constexpr double kLargest = 10;
  constexpr int kBits = 40;
  constexpr int kGrid = 60;
  const double sign = straight_law_of(points).exponent < 0 ? -1 : 1;
  const double centre = mean_log(points);
  const auto squares = [&](double log_size) {
    return bent_at(points, sign * std::exp(log_size), centre).squares;
  };
  // Brent's method finds the nearest minimum, so a grid chooses where it looks.
  const double low = std::log(kSmallest);
  const double step = (std::log(kLargest) - low) / kGrid;
  int best = 0;
  for (int i = 1; i <= kGrid; ++i) {
    if (squares(low + i * step) < squares(low + best * step)) best = i;
  }
  const auto [log_size, least] = boost::math::tools::brent_find_minima(
      squares, low + (best - 1) * step, low + (best + 1) * step, kBits);
  PowerLaw law;
  law.has_offset = true;
  law.exponent = sign * std::exp(log_size);
  const Bent bent = bent_at(points, law.exponent, centre);
  law.offset = bent.offset;
  law.factor = bent.factor * std::exp(-law.exponent * centre);
  return law;
}

/// The points of each seed that has one at every place.
std::vector<SeedPoints> complete_seeds(const SeedPoints& points, std::size_t places) {
  std::map<std::uint64_t, std::map<double, LawPoint>> by_seed;
  for (const LawPoint& point : points) by_seed[point.seed].emplace(point.x, point);
  std::vector<SeedPoints> seeds;
  for (const auto& [seed, by_place] : by_seed) {
    if (by_place.size() < places) continue;
    SeedPoints own;
    for (const auto& [x, point] : by_place) own.push_back(point);
    seeds.push_back(std::move(own));
  }
  return seeds;
}

bool bends_upwards(const std::vector<SeedPoints>& seeds) {
  if (seeds.size() < kFewestSeeds || seeds.front().size() < kFewestPlacesForAnOffset) return false;
  std::vector<double> bends;
  for (const SeedPoints& seed : seeds) bends.push_back(bend_of(seed));
  return interval_around(estimate_of(bends), 1 - kLevelOfOffset).low > 0;
}

/// The error of a slope whose places have seeds of their own.
std::optional<Estimate> error_over_places(const SeedPoints& points, double slope) {
  std::map<double, std::vector<double>> by_place;
  std::set<std::uint64_t> seeds;
  for (const LawPoint& point : points) {
    by_place[point.x].push_back(std::log(point.y));
    if (!seeds.insert(point.seed).second) return std::nullopt;
  }
  double squares = 0;
  for (const auto& [x, values] : by_place) {
    squares += static_cast<double>(values.size()) * boost::math::statistics::variance(values);
  }
  const auto degrees = static_cast<double>(points.size() - by_place.size());
  if (degrees < 1) return std::nullopt;
  const double centre = mean_log(points);
  double spread = 0;
  for (const LawPoint& point : points) spread += std::pow(std::log(point.x) - centre, 2);
  return Estimate{slope, std::sqrt(squares / degrees / spread), degrees};
}

}  // namespace

double PowerLaw::operator()(double x) const {
  return offset + factor * std::pow(x, exponent);
}

std::optional<PowerLaw> fit_power_law(const std::vector<LawPoint>& points) {
  std::set<double> places;
  std::set<std::uint64_t> names;
  for (const LawPoint& point : points) {
    const bool is_usable =
        point.x > 0 && point.y > 0 && std::isfinite(point.x) && std::isfinite(point.y);
    if (!is_usable) return std::nullopt;
    places.insert(std::log(point.x));
    names.insert(point.seed);
  }
  if (places.size() < 3) return std::nullopt;

  const std::vector<SeedPoints> seeds = complete_seeds(points, places.size());
  const bool has_offset = bends_upwards(seeds);
  PowerLaw law = has_offset ? bent_law_of(points) : straight_law_of(points);
  law.seeds = names.size();
  if (seeds.size() < 2) {
    law.over_seeds = error_over_places(points, law.exponent);
    return law;
  }
  std::vector<double> exponents;
  for (const SeedPoints& seed : seeds) {
    exponents.push_back((has_offset ? bent_law_of(seed) : straight_law_of(seed)).exponent);
  }
  law.seeds = seeds.size();
  const Estimate mean = estimate_of(exponents);
  if (mean.is_finite()) law.over_seeds = mean;
  return law;
}

}  // namespace epochal::report

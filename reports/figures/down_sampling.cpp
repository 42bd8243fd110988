// Reduces long curves for drawing.

#include "reports/figures/down_sampling.h"

#include <algorithm>
#include <cmath>

namespace epochal::report {
namespace {

/// The most points of a plot, shared by its curves.
constexpr std::size_t kMostPoints = 10'000;
/// The least points of a curve, however many curves there are.
constexpr std::size_t kFewestPoints = 60;

using Point = std::pair<double, double>;
using Points = std::vector<Point>;

/// The indices in [begin, end) that represent the section, in order.
std::vector<std::size_t> extreme_places(const Points& points, std::size_t begin, std::size_t end) {
  std::size_t lowest = end;
  std::size_t highest = end;
  std::size_t gap = end;
  for (std::size_t i = begin; i < end; ++i) {
    const double value = points[i].second;
    if (!std::isfinite(value)) {
      gap = std::min(gap, i);
      continue;
    }
    if (lowest == end || value < points[lowest].second) lowest = i;
    if (highest == end || value > points[highest].second) highest = i;
  }
  std::vector<std::size_t> places{lowest, highest, gap};
  std::erase(places, end);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

Points down_sampled(const Points& points, std::size_t most) {
  const std::size_t stretches = most / 2;
  Points kept{points.front()};
  const std::size_t inner = points.size() - 2;
  for (std::size_t i = 0; i < stretches; ++i) {
    const std::size_t begin = 1 + i * inner / stretches;
    const std::size_t end = 1 + (i + 1) * inner / stretches;
    for (const std::size_t place : extreme_places(points, begin, end)) {
      kept.push_back(points[place]);
    }
  }
  kept.push_back(points.back());
  return kept;
}

std::vector<Band::Point> down_sampled(const std::vector<Band::Point>& points, std::size_t most) {
  std::vector<Band::Point> kept;
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t begin = i * points.size() / most;
    const std::size_t end = (i + 1) * points.size() / most;
    Band::Point stretch = points[begin];
    for (std::size_t k = begin; k < end; ++k) {
      stretch.low = std::fmin(stretch.low, points[k].low);
      stretch.high = std::fmax(stretch.high, points[k].high);
    }
    kept.push_back(stretch);
  }
  kept.back().x = points.back().x;
  return kept;
}

}  // namespace

bool down_sample(Plot& plot) {
  const std::size_t count = std::max<std::size_t>(1, plot.curves.size() + plot.bands.size());
  const std::size_t most = std::max(kFewestPoints, kMostPoints / count);
  bool has_changed = false;
  for (Curve& curve : plot.curves) {
    if (curve.stroke == Curve::Stroke::points || curve.points.size() <= most) continue;
    curve.points = down_sampled(curve.points, most);
    has_changed = true;
  }
  for (Band& band : plot.bands) {
    if (band.points.size() <= most) continue;
    band.points = down_sampled(band.points, most);
    has_changed = true;
  }
  return has_changed;
}

}  // namespace epochal::report

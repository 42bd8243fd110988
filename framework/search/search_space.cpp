// The parameters of a search, and the unit cube that its numbers live in.

#include "framework/search/search_space.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace epochal::search {
namespace {

using Kind = Dimension::Kind;

void check_number(const Dimension& dimension) {
  const bool is_range = std::isfinite(dimension.low) && std::isfinite(dimension.high) &&
                        dimension.low <= dimension.high;
  if (!is_range) throw std::invalid_argument(dimension.name + " has no range");
  if (dimension.is_logarithmic && dimension.low <= 0) {
    throw std::invalid_argument(dimension.name + " has no logarithm");
  }
}

void check_condition(const std::vector<Dimension>& dimensions, std::size_t place) {
  const auto& condition = dimensions[place].condition;
  if (!condition) return;
  if (condition->parent >= place || dimensions[condition->parent].kind != Kind::category) {
    throw std::invalid_argument(dimensions[place].name + " depends on no earlier category");
  }
}

}  // namespace

SearchSpace::SearchSpace(std::vector<Dimension> dimensions) : dimensions_(std::move(dimensions)) {
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    const Dimension& dimension = dimensions_[i];
    check_condition(dimensions_, i);
    scales_.emplace_back();
    if (dimension.kind == Kind::category) {
      if (dimension.choices == 0) throw std::invalid_argument(dimension.name + " has no choices");
      continue;
    }
    check_number(dimension);
    const double half = dimension.kind == Kind::integer ? 0.5 : 0;
    const double low = scaled(i, dimension.low - half);
    const double width = scaled(i, dimension.high + half) - low;
    scales_.back() = {low, width > 0 ? width : 1};
  }
}

bool SearchSpace::is_active(std::size_t dimension, const Point& point) const {
  const auto& condition = dimensions_[dimension].condition;
  if (!condition) return true;
  const auto& parent = point[condition->parent];
  return parent && std::find(condition->choices.begin(), condition->choices.end(),
                             static_cast<std::size_t>(*parent)) != condition->choices.end();
}

double SearchSpace::value_at(std::size_t dimension, double place) const {
  const Dimension& of = dimensions_[dimension];
  if (of.kind == Kind::category) {
    const double choices = static_cast<double>(of.choices);
    return std::min(std::floor(place * choices), choices - 1);
  }
  const double on_scale = scales_[dimension].low + place * scales_[dimension].width;
  const double value = of.is_logarithmic ? std::exp(on_scale) : on_scale;
  return std::clamp(of.kind == Kind::integer ? std::round(value) : value, of.low, of.high);
}

double SearchSpace::scaled(std::size_t dimension, double value) const {
  return dimensions_[dimension].is_logarithmic ? std::log(value) : value;
}

double SearchSpace::place_of(std::size_t dimension, double value) const {
  const double place =
      (scaled(dimension, value) - scales_[dimension].low) / scales_[dimension].width;
  return std::clamp(place, 0.0, 1.0);
}

std::pair<double, double> SearchSpace::cell_of(std::size_t dimension, double value) const {
  return {place_of(dimension, value - 0.5), place_of(dimension, value + 0.5)};
}

Point SearchSpace::point_at(const std::vector<double>& places) const {
  Point point(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (is_active(i, point)) point[i] = value_at(i, places[i]);
  }
  return point;
}

}  // namespace epochal::search

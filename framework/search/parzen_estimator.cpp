// The densities between whose ratio a tree-structured Parzen search chooses.

#include "framework/search/parzen_estimator.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace epochal::search {
namespace {

using Kind = Dimension::Kind;

/// The probability of [low, high] under a normal distribution.
double normal_mass(double centre, double width, double low, double high) {
  const double scale = 1 / (width * std::numbers::sqrt2);
  return 0.5 * (std::erf((high - centre) * scale) - std::erf((low - centre) * scale));
}

/// Marsaglia's polar method.
double standard_normal(KeyedRandom& random) {
  for (;;) {
    const double u = random.uniform(-1, 1);
    const double v = random.uniform(-1, 1);
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

/// For each place the larger distance to its neighbours; the ends of the range count as neighbours
/// of a place that is alone.
std::vector<double> distances_to_neighbours(const std::vector<double>& places) {
  const std::size_t count = places.size();
  if (count == 1) return {std::max(places[0], 1 - places[0])};
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return places[i]; });
  std::vector<double> distances(count, 0.0);
  for (std::size_t i = 1; i < count; ++i) {
    const double gap = places[order[i]] - places[order[i - 1]];
    distances[order[i]] = std::max(distances[order[i]], gap);
    distances[order[i - 1]] = std::max(distances[order[i - 1]], gap);
  }
  return distances;
}

double least_width(std::size_t kernels) {
  const double parts = std::min(5.0, 1 + static_cast<double>(kernels));
  return 1 / (parts * parts);
}

double log_of_sum(const std::vector<double>& logs) {
  const double most = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - most);
  return most + std::log(sum);
}

}  // namespace

ParzenEstimator::ParzenEstimator(const SearchSpace& space, const std::vector<Point>& observations,
                                 const std::vector<double>& weights)
    : space_(space), factors_(space.size()), choices_(space.size()) {
  add_weights(weights);
  for (std::size_t i = 0; i < space.size(); ++i) {
    factors_[i].resize(observations.size() + 1);
    if (space.dimensions()[i].kind == Kind::category) {
      add_choices(i, observations);
    } else {
      add_numbers(i, observations);
    }
  }
}

void ParzenEstimator::add_weights(const std::vector<double>& weights) {
  const double total = std::accumulate(weights.begin(), weights.end(), 1.0);
  double sum = 0;
  for (const double weight : weights) {
    cumulative_.push_back(sum += weight / total);
    log_weights_.push_back(std::log(weight / total));
  }
  cumulative_.push_back(1);
  log_weights_.push_back(-std::log(total));
}

void ParzenEstimator::add_choices(std::size_t dimension, const std::vector<Point>& observations) {
  std::vector<Factor>& factors = factors_[dimension];
  std::size_t kernels = 1;
  for (std::size_t k = 0; k < observations.size(); ++k) {
    const auto& choice = observations[k][dimension];
    if (!choice) continue;
    factors[k] = {false, *choice, 0, 0};
    ++kernels;
  }
  const double extra = 1 / static_cast<double>(kernels);
  const double total = 1 + extra * static_cast<double>(space_.dimensions()[dimension].choices);
  choices_[dimension] = {std::log((1 + extra) / total), std::log(extra / total)};
}

void ParzenEstimator::add_numbers(std::size_t dimension, const std::vector<Point>& observations) {
  std::vector<Factor>& factors = factors_[dimension];
  std::vector<double> places;
  for (const Point& point : observations) {
    if (point[dimension]) places.push_back(space_.place_of(dimension, *point[dimension]));
  }
  if (!places.empty()) {
    const std::vector<double> distances = distances_to_neighbours(places);
    const double least = least_width(places.size() + 1);
    std::size_t next = 0;
    for (std::size_t k = 0; k < observations.size(); ++k) {
      if (!observations[k][dimension]) continue;
      factors[k] = {false, places[next], std::clamp(distances[next], least, 1.0), 0};
      ++next;
    }
  }
  factors.back() = {false, 0.5, 1, 0};
  const bool is_real = space_.dimensions()[dimension].kind == Kind::real;
  for (Factor& factor : factors) {
    if (factor.is_uniform) continue;
    factor.log_norm = -std::log(normal_mass(factor.centre, factor.width, 0, 1));
    if (is_real) factor.log_norm -= std::log(factor.width * std::sqrt(2 * std::numbers::pi));
  }
}

Point ParzenEstimator::sample(KeyedRandom& random) const {
  const auto chosen = std::upper_bound(cumulative_.begin(), cumulative_.end(), random.uniform());
  const auto kernel = static_cast<std::size_t>(chosen - cumulative_.begin());
  Point point(space_.size());
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (space_.is_active(i, point)) point[i] = sample_value(i, factors_[i][kernel], random);
  }
  return point;
}

double ParzenEstimator::sample_value(std::size_t dimension, const Factor& factor,
                                     KeyedRandom& random) const {
  if (factor.is_uniform) return space_.value_at(dimension, random.uniform());
  if (space_.dimensions()[dimension].kind == Kind::category) {
    const ChoiceDensity& density = choices_[dimension];
    const double only_observed = std::exp(density.observed) - std::exp(density.other);
    return random.uniform() < only_observed ? factor.centre
                                            : space_.value_at(dimension, random.uniform());
  }
  // The centre is in the range and the width at most the range's: a third of the draws are inside.
  for (;;) {
    const double place = factor.centre + factor.width * standard_normal(random);
    if (place >= 0 && place < 1) return space_.value_at(dimension, place);
  }
}

double ParzenEstimator::log_density(const Point& point) const {
  std::vector<double> logs = log_weights_;
  for (std::size_t i = 0; i < space_.size(); ++i) {
    if (!point[i]) continue;
    switch (space_.dimensions()[i].kind) {
      case Kind::real:
        add_log_numbers(i, *point[i], logs);
        break;
      case Kind::integer:
        add_log_integers(i, *point[i], logs);
        break;
      case Kind::category:
        add_log_choices(i, *point[i], logs);
        break;
    }
  }
  return log_of_sum(logs);
}

void ParzenEstimator::add_log_numbers(std::size_t dimension, double value,
                                      std::vector<double>& logs) const {
  const double place = space_.place_of(dimension, value);
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const Factor& factor = factors_[dimension][k];
    if (factor.is_uniform) continue;  // the logarithm of 1
    const double z = (place - factor.centre) / factor.width;
    logs[k] += factor.log_norm - 0.5 * z * z;
  }
}

void ParzenEstimator::add_log_integers(std::size_t dimension, double value,
                                       std::vector<double>& logs) const {
  constexpr double kLeast = 1e-300;  // far from the centre the difference of two erf is 0
  const auto [low, high] = space_.cell_of(dimension, value);
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const Factor& factor = factors_[dimension][k];
    const double mass =
        factor.is_uniform ? high - low : normal_mass(factor.centre, factor.width, low, high);
    logs[k] += factor.log_norm + std::log(std::max(kLeast, mass));
  }
}

void ParzenEstimator::add_log_choices(std::size_t dimension, double value,
                                      std::vector<double>& logs) const {
  const ChoiceDensity& density = choices_[dimension];
  const double uniform = -std::log(static_cast<double>(space_.dimensions()[dimension].choices));
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const Factor& factor = factors_[dimension][k];
    if (factor.is_uniform) {
      logs[k] += uniform;
    } else {
      logs[k] += factor.centre == value ? density.observed : density.other;
    }
  }
}

}  // namespace epochal::search

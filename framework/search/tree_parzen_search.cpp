// Adaptive search: from the trials so far to the next point.

#include "framework/search/tree_parzen_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "framework/search/low_discrepancy.h"
#include "framework/search/parzen_estimator.h"

namespace epochal::search {
namespace {

constexpr int kCandidates = 24;
constexpr std::size_t kMostGood = 25;
constexpr std::size_t kFullWeights = 25;

/// Sorts better trials first.
std::tuple<bool, std::int64_t, double> rank_of(const Trial& trial) {
  const bool is_pruned = trial.state == Trial::State::pruned;
  const double value =
      std::isnan(trial.value) ? std::numeric_limits<double>::infinity() : trial.value;
  return {is_pruned, is_pruned ? -trial.last_step : 0, value};
}

/// A ramp from 1/n to 1, then 1 for the last 25.
std::vector<double> recency_weights(std::size_t count) {
  std::vector<double> weights(count, 1.0);
  if (count <= kFullWeights) return weights;
  const std::size_t ramp = count - kFullWeights;
  const double least = 1 / static_cast<double>(count);
  for (std::size_t i = 0; i < ramp; ++i) {
    const double part = ramp == 1 ? 0 : static_cast<double>(i) / static_cast<double>(ramp - 1);
    weights[i] = least + (1 - least) * part;
  }
  return weights;
}

ParzenEstimator density_of(const SearchSpace& space, const std::vector<Trial>& history,
                           const std::vector<std::size_t>& chosen) {
  std::vector<Point> points;
  points.reserve(chosen.size());
  for (const std::size_t i : chosen) points.push_back(history[i].point);
  return {space, points, recency_weights(points.size())};
}

}  // namespace

SplitTrials split(const std::vector<Trial>& history) {
  std::vector<std::size_t> ended;
  SplitTrials parts;
  for (std::size_t i = 0; i < history.size(); ++i) {
    (history[i].state == Trial::State::running ? parts.others : ended).push_back(i);
  }
  std::ranges::stable_sort(ended, {}, [&](std::size_t i) { return rank_of(history[i]); });
  const std::size_t good = std::min(kMostGood, (ended.size() + 9) / 10);
  const auto end_of_good = ended.begin() + static_cast<std::ptrdiff_t>(good);
  parts.good.assign(ended.begin(), end_of_good);
  parts.others.insert(parts.others.end(), end_of_good, ended.end());
  std::sort(parts.good.begin(), parts.good.end());
  std::sort(parts.others.begin(), parts.others.end());
  return parts;
}

bool has_learned(const std::vector<Trial>& history, std::size_t startup) {
  const auto running = std::ranges::count(history, Trial::State::running, &Trial::state);
  return history.size() - static_cast<std::size_t>(running) >= startup;
}

Point next_point(const SearchSpace& space, const std::vector<Trial>& history, std::uint64_t seed,
                 std::uint64_t number, std::size_t startup) {
  if (!has_learned(history, startup)) {
    return space.point_at(sobol_points(seed, space.size(), number + 1).back());
  }
  const SplitTrials parts = split(history);
  const ParzenEstimator good = density_of(space, history, parts.good);
  const ParzenEstimator others = density_of(space, history, parts.others);
  KeyedRandom random({seed, number});
  Point best;
  double most = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < kCandidates; ++i) {
    Point point = good.sample(random);
    const double improvement = good.log_density(point) - others.log_density(point);
    if (best.empty() || improvement > most) {
      most = improvement;
      best = std::move(point);
    }
  }
  return best;
}

}  // namespace epochal::search

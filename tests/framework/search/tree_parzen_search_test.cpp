#include "framework/search/tree_parzen_search.h"

#include <gtest/gtest.h>

#include <cmath>

#include "framework/search/low_discrepancy.h"

namespace epochal::search {
namespace {

using State = Trial::State;

SearchSpace plane() {
  return SearchSpace({{.name = "x", .low = -1, .high = 1}, {.name = "y", .low = -1, .high = 1}});
}

double bowl(const Point& point) {
  return std::pow(*point[0] - 0.3, 2) + std::pow(*point[1] + 0.6, 2);
}

std::vector<Trial> searched(const SearchSpace& space, std::size_t trials, std::uint64_t seed) {
  std::vector<Trial> history;
  while (history.size() < trials) {
    Trial trial{.point = next_point(space, history, seed, history.size()),
                .state = State::finished};
    trial.value = bowl(trial.point);
    history.push_back(std::move(trial));
  }
  return history;
}

TEST(TreeParzenSearch, StartsWithSobolsPoints) {
  const SearchSpace space = plane();
  const std::vector<Trial> history = searched(space, kStartupTrials, 4);
  const auto places = sobol_points(4, 2, kStartupTrials);
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].point, space.point_at(places[i]));
  }
}

TEST(TreeParzenSearch, LearnsWhereTheBestValuesAre) {
  const std::vector<Trial> history = searched(plane(), 60, 1);
  double early = 0;
  double late = 0;
  for (std::size_t i = 0; i < 10; ++i) {
    early += history[i].value;
    late += history[50 + i].value;
  }
  EXPECT_LT(late, early / 3);
}

TEST(TreeParzenSearch, IsAFunctionOfSeedNumberAndHistory) {
  const SearchSpace space = plane();
  std::vector<Trial> history = searched(space, 30, 1);
  const Point point = next_point(space, history, 1, 30);
  EXPECT_EQ(point, next_point(space, history, 1, 30));
  EXPECT_NE(point, next_point(space, history, 2, 30));
  EXPECT_NE(point, next_point(space, history, 1, 31));
  history[split(history).good.front()].value = 100;
  EXPECT_NE(point, next_point(space, history, 1, 30));
}

TEST(SplitTrials, ATenthIsGoodAndAtMostTwentyFive) {
  for (const auto& [trials, good] : {std::pair(1u, 1u), {10u, 1u}, {11u, 2u}, {1000u, 25u}}) {
    std::vector<Trial> history;
    for (unsigned i = 0; i < trials; ++i) {
      history.push_back({.point = {}, .state = State::finished, .value = -static_cast<double>(i)});
    }
    const SplitTrials parts = split(history);
    EXPECT_EQ(parts.good.size(), good);
    EXPECT_EQ(parts.others.size(), trials - good);
    EXPECT_EQ(parts.good.back(), trials - 1) << "the best is the last";
  }
}

// Optuna counts them so: finished before pruned, and of those the ones that came further.
TEST(SplitTrials, PrunedOnesCountAfterFinishedOnesByStepThenValue) {
  std::vector<Trial> history;
  const auto add = [&](State state, double value, std::int64_t step) {
    history.push_back({.point = {}, .state = state, .value = value, .last_step = step});
  };
  add(State::pruned, 0.1, 3);  // 0
  add(State::pruned, 0.9, 9);  // 1: came further than 0
  add(State::pruned, 0.5, 9);  // 2: as far, and better
  add(State::pruned, NAN, 9);  // 3
  for (int i = 0; i < 7; ++i) add(State::pruned, 1, 1);
  EXPECT_EQ(split(history).good, (std::vector<std::size_t>{1, 2}));
  add(State::finished, 100, 10);
  EXPECT_EQ(split(history).good, (std::vector<std::size_t>{2, 11}));
}

TEST(SplitTrials, RunningOnesAreNeverGoodAndNaNIsTheWorst) {
  std::vector<Trial> history(12);
  for (std::size_t i = 0; i < 10; ++i) {
    history[i] = {.point = {}, .state = State::finished, .value = NAN};
  }
  history[7].value = 5;
  const SplitTrials parts = split(history);
  EXPECT_EQ(parts.good, (std::vector<std::size_t>{7}));
  EXPECT_EQ(parts.others.size(), 11u);
}

TEST(TreeParzenSearch, WorkersBesideEachOtherAskForDifferentPoints) {
  const SearchSpace space = plane();
  std::vector<Trial> history = searched(space, 40, 1);
  const Point alone = next_point(space, history, 1, 41);
  history.push_back({.point = alone, .state = State::running});
  EXPECT_NE(next_point(space, history, 1, 41), alone) << "a running trial repels";
}

}  // namespace
}  // namespace epochal::search

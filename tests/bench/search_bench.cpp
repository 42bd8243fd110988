// Optimises public test functions by each way that epochal has of choosing points, and prints a
// line of JSON for each: function, sampler, seed, and the best value after every trial.
//   search_bench TRIALS FIRST_SEED SEEDS    optimise
//   search_bench --values COUNT             the functions at random points, to compare them with
//                                           those of search_functions.py
//   search_bench --ask TRIALS               how long an ask takes after so many trials

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "framework/search/low_discrepancy.h"
#include "framework/search/tree_parzen_search.h"
#include "tests/bench/search_functions.h"

namespace epochal::bench {
namespace {

using search::Point;
using search::SearchSpace;
using search::Trial;

/// The point of a trial, from the trials before it.
using Sampler = Point (*)(const SearchSpace&, const std::vector<Trial>&, std::uint64_t seed);

Point adaptive(const SearchSpace& space, const std::vector<Trial>& history, std::uint64_t seed) {
  return search::next_point(space, history, seed, history.size());
}

Point random_point(const SearchSpace& space, const std::vector<Trial>& history,
                   std::uint64_t seed) {
  KeyedRandom random({seed, history.size()});
  std::vector<double> places(space.size());
  for (double& place : places) place = random.uniform();
  return space.point_at(places);
}

Point sobol_point(const SearchSpace& space, const std::vector<Trial>& history, std::uint64_t seed) {
  return space.point_at(search::sobol_points(seed, space.size(), history.size() + 1).back());
}

std::vector<double> best_values(const SearchFunction& function, Sampler sampler, std::uint64_t seed,
                                int trials) {
  std::vector<Trial> history;
  std::vector<double> best;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < trials; ++i) {
    Trial trial{.point = sampler(function.space, history, seed), .state = Trial::State::finished};
    trial.value = function.value(trial.point);
    least = std::min(least, trial.value);
    best.push_back(least);
    history.push_back(std::move(trial));
  }
  return best;
}

void optimise(int trials, std::uint64_t first, std::uint64_t seeds) {
  const std::vector<std::pair<const char*, Sampler>> samplers{
      {"epochal", adaptive}, {"random", random_point}, {"Sobol", sobol_point}};
  for (const SearchFunction& function : search_functions()) {
    for (const auto& [name, sampler] : samplers) {
      for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const nlohmann::json line{{"function", function.name},
                                  {"sampler", name},
                                  {"seed", seed},
                                  {"minimum", function.minimum},
                                  {"best", best_values(function, sampler, seed, trials)}};
        std::cout << line.dump() << '\n';
      }
    }
  }
}

void print_values(int count) {
  for (const SearchFunction& function : search_functions()) {
    std::vector<Trial> history(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < history.size(); ++i) {
      const std::vector<Trial> before(i);
      const Point point = random_point(function.space, before, 1);
      nlohmann::json values = nlohmann::json::object();
      for (std::size_t d = 0; d < point.size(); ++d) {
        if (point[d]) values[function.space.dimensions()[d].name] = *point[d];
      }
      const nlohmann::json line{
          {"function", function.name}, {"point", values}, {"value", function.value(point)}};
      std::cout << line.dump() << '\n';
    }
  }
}

/// Milliseconds of the median of 21 asks, for each function.
void print_ask_times(std::size_t trials) {
  for (const SearchFunction& function : search_functions()) {
    std::vector<Trial> history;
    while (history.size() < trials) {
      Trial trial{.point = random_point(function.space, history, 1),
                  .state = Trial::State::finished};
      trial.value = function.value(trial.point);
      history.push_back(std::move(trial));
    }
    std::vector<double> taken;
    for (std::uint64_t i = 0; i < 21; ++i) {
      const auto start = std::chrono::steady_clock::now();
      search::next_point(function.space, history, i, trials);
      taken.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
              .count());
    }
    std::nth_element(taken.begin(), taken.begin() + 10, taken.end());
    const nlohmann::json line{{"function", function.name}, {"ask_ms", taken[10]}};
    std::cout << line.dump() << '\n';
  }
}

}  // namespace
}  // namespace epochal::bench

int main(int argc, char** argv) {
  using namespace epochal::bench;
  const auto number = [&](int i) { return std::atoi(argv[i]); };
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (argc == 3 && first == "--values") {
    print_values(number(2));
  } else if (argc == 3 && first == "--ask") {
    print_ask_times(static_cast<std::size_t>(number(2)));
  } else if (argc == 4) {
    optimise(number(1), static_cast<std::uint64_t>(number(2)),
             static_cast<std::uint64_t>(number(3)));
  } else {
    std::cerr << "search_bench TRIALS FIRST_SEED SEEDS | --values COUNT | --ask TRIALS\n";
    return 2;
  }
  return 0;
}

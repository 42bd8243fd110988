// The test functions of the search bench; search_functions.py has the same ones for Optuna.

#include "tests/bench/search_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace epochal::bench {
namespace {

using search::Dimension;
using search::Point;
using std::numbers::pi;

Dimension number(std::string name, double low, double high) {
  return {.name = std::move(name), .low = low, .high = high};
}

Dimension category(std::string name, std::size_t choices) {
  return {.name = std::move(name), .kind = Dimension::Kind::category, .choices = choices};
}

/// Only where the category at `parent` has this choice.
Dimension given(Dimension dimension, std::size_t parent, std::size_t choice) {
  dimension.condition = search::Condition{parent, {choice}};
  return dimension;
}

std::vector<Dimension> cube(std::size_t size, double low, double high) {
  std::vector<Dimension> result;
  for (std::size_t i = 0; i < size; ++i)
    result.push_back(number("x" + std::to_string(i), low, high));
  return result;
}

double square(double x) {
  return x * x;
}

double branin(const Point& at) {
  const double x = *at[0];
  const double y = *at[1];
  return square(y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6) +
         10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10;
}

double hartmann6(const Point& at) {
  constexpr std::array<double, 4> kAlpha{1.0, 1.2, 3.0, 3.2};
  constexpr double kA[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                               {0.05, 10, 17, 0.1, 8, 14},
                               {3, 3.5, 1.7, 10, 17, 8},
                               {17, 8, 0.05, 10, 0.1, 14}};
  constexpr double kP[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                               {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                               {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                               {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double exponent = 0;
    for (std::size_t j = 0; j < 6; ++j) exponent += kA[i][j] * square(*at[j] - kP[i][j]);
    sum -= kAlpha[i] * std::exp(-exponent);
  }
  return sum;
}

double rosenbrock(const Point& at) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < at.size(); ++i) {
    sum += 100 * square(*at[i + 1] - square(*at[i])) + square(1 - *at[i]);
  }
  return sum;
}

double ackley(const Point& at) {
  const double size = static_cast<double>(at.size());
  double squares = 0;
  double cosines = 0;
  for (const auto& x : at) {
    squares += square(*x);
    cosines += std::cos(2 * pi * *x);
  }
  return -20 * std::exp(-0.2 * std::sqrt(squares / size)) - std::exp(cosines / size) + 20 +
         std::numbers::e;
}

double levy(const Point& at) {
  const auto w = [&](std::size_t i) { return 1 + (*at[i] - 1) / 4; };
  const std::size_t last = at.size() - 1;
  double sum =
      square(std::sin(pi * w(0))) + square(w(last) - 1) * (1 + square(std::sin(2 * pi * w(last))));
  for (std::size_t i = 0; i < last; ++i) {
    sum += square(w(i) - 1) * (1 + 10 * square(std::sin(pi * w(i) + 1)));
  }
  return sum;
}

/// Func-2C of Ru et al. 2020: two categories choose the terms.
double func2c(const Point& at) {
  const double x = 2 * *at[2];
  const double y = 2 * *at[3];
  const std::array<double, 3> terms{
      (100 * square(y - x * x) + square(1 - x)) / 300,
      ((4 - 2.1 * x * x + x * x * x * x / 3) * x * x + x * y + (4 * y * y - 4) * y * y) / 10,
      (square(1.5 - x + x * y) + square(2.25 - x + x * y * y) + square(2.625 - x + x * y * y * y)) /
          50};
  return terms.at(static_cast<std::size_t>(*at[0])) +
         terms.at(std::min<std::size_t>(static_cast<std::size_t>(*at[1]), 2));
}

/// The pressure vessel of Sandgren 1990: the logarithm of its cost, with penalties.
double vessel(const Point& at) {
  const double shell = 0.0625 * *at[0];
  const double head = 0.0625 * *at[1];
  const double radius = *at[2];
  const double length = *at[3];
  const double cost = 0.6224 * shell * radius * length + 1.7781 * head * radius * radius +
                      3.1661 * shell * shell * length + 19.84 * shell * shell * radius;
  const double volume = pi * radius * radius * length + 4.0 / 3 * pi * radius * radius * radius;
  const double broken = std::max(0.0, 0.0193 * radius - shell) +
                        std::max(0.0, 0.00954 * radius - head) +
                        std::max(0.0, 1 - volume / 1'296'000);
  return std::log(cost) + 10 * broken;
}

/// The tree of Jenatton et al. 2017: of nine parameters a point has four.
double tree(const Point& at) {
  const bool left = *at[0] == 0;
  const std::size_t inner = static_cast<std::size_t>(*at[left ? 1 : 2]);
  const std::size_t leaf = inner + (left ? 0 : 2);
  return square(*at[3 + leaf]) + 0.1 * static_cast<double>(1 + leaf) + *at[left ? 7 : 8];
}

std::vector<Dimension> tree_space() {
  return {category("x1", 2),
          given(category("x2", 2), 0, 0),
          given(category("x3", 2), 0, 1),
          given(number("x4", -1, 1), 1, 0),
          given(number("x5", -1, 1), 1, 1),
          given(number("x6", -1, 1), 2, 0),
          given(number("x7", -1, 1), 2, 1),
          given(number("r8", 0, 1), 0, 0),
          given(number("r9", 0, 1), 0, 1)};
}

std::vector<Dimension> vessel_space() {
  using enum Dimension::Kind;
  return {{.name = "shell", .kind = integer, .low = 1, .high = 99},
          {.name = "head", .kind = integer, .low = 1, .high = 99},
          number("radius", 10, 200),
          {.name = "length", .low = 10, .high = 200, .is_logarithmic = true}};
}

}  // namespace

const std::vector<SearchFunction>& search_functions() {
  using search::SearchSpace;
  static const std::vector<SearchFunction> functions{
      {"branin", SearchSpace({number("x", -5, 10), number("y", 0, 15)}), branin,
       0.39788735772973816},
      {"hartmann6", SearchSpace(cube(6, 0, 1)), hartmann6, -3.322368011415515},
      {"rosenbrock4", SearchSpace(cube(4, -2.048, 2.048)), rosenbrock, 0},
      {"ackley5", SearchSpace(cube(5, -32.768, 32.768)), ackley, 0},
      {"levy8", SearchSpace(cube(8, -10, 10)), levy, 0},
      {"func2c",
       SearchSpace(
           {category("first", 3), category("second", 5), number("x", -1, 1), number("y", -1, 1)}),
       func2c, -0.20632569069754616},
      {"vessel", SearchSpace(vessel_space()), vessel, 8.709417906730183},
      {"tree", SearchSpace(tree_space()), tree, 0.1}};
  return functions;
}

}  // namespace epochal::bench

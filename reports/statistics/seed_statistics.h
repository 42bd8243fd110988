#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace epochal {

/// From `low` to `high`, both included.
struct Interval {
  double low = 0;
  double high = 0;
};

/// One number a seed.
using SeedValues = std::map<std::uint64_t, double>;

/// Fewer seeds on a side decide nothing: with two, an interval is as wide as anything.
constexpr std::size_t kFewestSeeds = 3;

/// How a number differs between two settings, over their seeds.
struct SeedComparison {
  double estimate = 0;
  Interval interval;       ///< 95 %
  bool is_paired = false;  ///< both sides have the same seeds, which were taken in pairs
  /// Two-sided p values: how surely the true number lies inside, and outside, of what was asked.
  double p_inside = 1;
  double p_outside = 1;
};

/// 95 % Student interval of a mean (Student, Biometrika 1908). None of fewer than two values, or
/// where they are too large to reckon with.
std::optional<Interval> mean_interval(const std::vector<double>& values);

/// The mean of `to` less that of `from`, asked whether it lies in `target`: with the same seeds on
/// both sides by the paired t interval, else by Welch's (Welch, Biometrika 1947). None with fewer
/// than two seeds on a side, or where they are too large to reckon with.
std::optional<SeedComparison> difference(const SeedValues& from, const SeedValues& to,
                                         Interval target);

/// How many times `to` the number `from` is, of their geometric means: difference() of logarithms.
/// None also where a value is not positive.
std::optional<SeedComparison> ratio(const SeedValues& from, const SeedValues& to, Interval target);

/// p values of several questions at once, adjusted so that each may be held against the same level
/// (Holm, Scandinavian Journal of Statistics 1979). In the order in which they were given.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace epochal

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace epochal::report {

/// From `low` to `high`, both included.
struct Interval {
  double low = 0;
  double high = 0;
};

/// One number for each seed.
using SeedValues = std::map<std::uint64_t, double>;

/// Fewer seeds on a side decide nothing: with two, an interval is extremely wide.
constexpr std::size_t kFewestSeeds = 3;

/// The difference of a number between two settings, over their seeds.
struct SeedComparison {
  double estimate = 0;
  Interval interval;       ///< 95 %
  bool is_paired = false;  ///< both sides have the same seeds, which were paired
  /// Two-sided p values for the true number being inside, and outside, of the target.
  double p_inside = 1;
  double p_outside = 1;
};

/// 95 % Student interval of a mean (Student, Biometrika 1908). None for fewer than two values, or
/// if they are too large to compute with.
std::optional<Interval> mean_interval(const std::vector<double>& values);

/// The mean of `to` minus the mean of `from`, tested for lying in `target`: with the paired t
/// interval if both sides have the same seeds, otherwise with Welch's (Welch, Biometrika 1947).
/// None with fewer than two seeds on a side, or if the values are too large to compute with.
std::optional<SeedComparison> difference(const SeedValues& from, const SeedValues& to,
                                         Interval target);

/// The ratio of `from` to `to`, by their geometric means: difference() of logarithms. None also if
/// a value is not positive.
std::optional<SeedComparison> ratio(const SeedValues& from, const SeedValues& to, Interval target);

/// p values of several tests, adjusted so that each can be compared with the same level (Holm,
/// Scandinavian Journal of Statistics 1979), in the given order.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace epochal::report

// How many seeds would decide a comparison.

#include "reports/statistics/seeds_needed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/human_format.h"

namespace epochal::report {
namespace {

constexpr double kPower = 0.8;

/// From an estimate to the nearest end of a target, in the unit of the estimate.
double distance_to_border(double value, const Interval& target) {
  return std::min(std::abs(value - target.low), std::abs(value - target.high));
}

}  // namespace

std::optional<std::size_t> seeds_needed(const SeedComparison& comparison, std::size_t seeds,
                                        double level) {
  const Estimate& over_seeds = comparison.difference.over_seeds;
  const double distance = distance_to_border(over_seeds.value, comparison.target);
  const double of_samples =
      comparison.difference.over_samples ? comparison.difference.over_samples->error : 0;
  const auto now = static_cast<double>(seeds);
  const auto would_decide = [&](std::size_t count) {
    const double factor = now / static_cast<double>(count);
    const double error = std::hypot(over_seeds.error * std::sqrt(factor), of_samples);
    const double degrees = std::max(over_seeds.degrees, 1.0) * (static_cast<double>(count) - 1) /
                           std::max(now - 1, 1.0);
    const double reach =
        student_quantile(1 - level / 2, degrees) + student_quantile(kPower, degrees);
    return distance > 0 && distance >= reach * error;
  };
  if (!would_decide(kMostSeedsNeeded)) return std::nullopt;
  std::size_t too_few = std::max(seeds + 1, kFewestSeeds) - 1;
  std::size_t enough = kMostSeedsNeeded;
  while (enough - too_few > 1) {
    const std::size_t middle = (too_few + enough) / 2;
    (would_decide(middle) ? enough : too_few) = middle;
  }
  return enough;
}

std::string more_seeds_text(const SeedComparison& comparison, std::size_t seeds, double level,
                            bool has_two_sides) {
  const std::string_view where = has_two_sides ? " on each side" : "";
  if (const auto count = seeds_needed(comparison, seeds, level)) {
    const std::size_t more = *count - seeds;
    return fmt::format("about {} more seed{}{} would decide it at this spread", more,
                       more == 1 ? "" : "s", where);
  }
  SeedComparison of_seeds_alone = comparison;
  of_seeds_alone.difference.over_samples.reset();
  if (comparison.difference.over_samples && seeds_needed(of_seeds_alone, seeds, level)) {
    return "more seeds would not decide it: the validation set has too few samples";
  }
  return fmt::format("at this spread, {} seeds{} would not decide it",
                     format_count(static_cast<std::int64_t>(kMostSeedsNeeded)), where);
}

}  // namespace epochal::report

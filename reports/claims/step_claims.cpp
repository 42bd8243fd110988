// Claims that compare values of a parameter, neighbour by neighbour.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/claims/claim_part.h"
#include "reports/claims/levels.h"

namespace epochal::report {
namespace {

using ClaimKind = Claim::Kind;

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Interval kBelowZero{-kUnbounded, 0};
constexpr Interval kAboveZero{0, kUnbounded};

/// Epochs are whole numbers: a rounded number has this variance more.
constexpr double kVarianceOfRounding = 1.0 / 12;

class StepClaim {
 public:
  explicit StepClaim(const ClaimScope& scope) : scope_(scope), claim_(scope.claim) {}

  Judgement judge() {
    judgement_.rule = rule();
    const ComparableRuns comparable = comparable_runs(scope_.data, scope_.metric, scope_.moment);
    if (const std::string why = scope_.obstacle(comparable); !why.empty())
      return judgement_.undecided(why);
    const std::vector<ClaimPart> steps =
        claim_.kind == ClaimKind::better_than ? pairs(comparable) : neighbours(comparable);
    if (!missing_.empty()) return judgement_.undecided(missing_);
    if (steps.empty()) return judgement_.undecided(scope_.why_nothing_to_compare(comparable));
    conclude(steps, "steps", judgement_);
    return std::move(judgement_);
  }

 private:
  std::string rule() const {
    const std::string number = scope_.statistic_text();
    switch (claim_.kind) {
      case ClaimKind::decreases:
        return fmt::format("the {} is lower at each larger {}", number, scope_.over);
      case ClaimKind::increases:
        return fmt::format("the {} is higher at each larger {}", number, scope_.over);
      case ClaimKind::equal_within:
        return fmt::format(
            "from each {} to the next larger one the {} changes by {}", scope_.over, number,
            is_absolute() ? fmt::format("at most {}", format_number(claim_.margin))
                          : fmt::format("a factor of {} to {}", format_number(lowest_ratio()),
                                        format_number(highest_ratio())));
      case ClaimKind::better_than:
        return fmt::format("the {} is better{} at {} {} than at {}", number,
                           scope_.better ? fmt::format(" ({})", name_of(*scope_.better)) : "",
                           scope_.over, printable(to_text(claim_.value), 40),
                           printable(to_text(claim_.than), 40));
      default:
        return fmt::format(
            "from each {} to the next larger one the {} falls by a factor of {} to {}", scope_.over,
            number, format_number(lowest_ratio()), format_number(highest_ratio()));
    }
  }

  bool is_absolute() const { return claim_.kind == ClaimKind::equal_within && claim_.margin > 0; }
  bool compares_ratios() const {
    return claim_.kind == ClaimKind::ratio ||
           (claim_.kind == ClaimKind::equal_within && !is_absolute());
  }

  double highest_ratio() const {
    return claim_.kind == ClaimKind::equal_within ? 1 + claim_.tolerance
                                                  : claim_.expected * (1 + claim_.tolerance);
  }
  double lowest_ratio() const {
    return claim_.kind == ClaimKind::equal_within
               ? 1 / highest_ratio()
               : claim_.expected * (1 - std::min(claim_.tolerance, 1.0));
  }

  std::vector<ClaimPart> neighbours(const ComparableRuns& comparable) {
    std::vector<ClaimPart> steps;
    for (const ComparableSet& set : comparable.sets) {
      const std::vector<Level> levels = levels_of(scope_, set);
      for (std::size_t i = 1; i < levels.size(); ++i) {
        steps.push_back(step(levels[i - 1], levels[i], set.where));
      }
    }
    return steps;
  }

  std::vector<ClaimPart> pairs(const ComparableRuns& comparable) {
    std::vector<ClaimPart> steps;
    bool has_level = false;
    bool has_better = false;
    bool has_worse = false;
    for (const ComparableSet& set : comparable.sets) {
      const std::vector<Level> levels = levels_of(scope_, set);
      const auto at = [&](const ParameterValue& value) {
        return std::find_if(levels.begin(), levels.end(),
                            [&](const Level& level) { return is_same(level.key, value); });
      };
      const auto good = at(claim_.value);
      const auto bad = at(claim_.than);
      has_level = has_level || !levels.empty();
      has_better = has_better || good != levels.end();
      has_worse = has_worse || bad != levels.end();
      if (good != levels.end() && bad != levels.end()) {
        steps.push_back(step(*bad, *good, set.where));
      }
    }
    if (has_level && (!has_better || !has_worse)) {
      missing_ = fmt::format("no run has {} {}", scope_.over,
                             printable(to_text(has_better ? claim_.than : claim_.value), 40));
    }
    return steps;
  }

  Interval target() const {
    switch (claim_.kind) {
      case ClaimKind::decreases:
        return kBelowZero;
      case ClaimKind::increases:
        return kAboveZero;
      case ClaimKind::better_than:
        return scope_.better == Better::higher ? kAboveZero : kBelowZero;
      default:
        return is_absolute() ? Interval{-claim_.margin, claim_.margin}
                             : Interval{lowest_ratio(), highest_ratio()};
    }
  }

  std::optional<SeedComparison> comparison(const Level& from, const Level& to) const {
    const ComparedSamples samples{from.samples, to.samples};
    auto found = compares_ratios() ? ratio(from.statistics, to.statistics, target(), samples)
                                   : difference(from.statistics, to.statistics, target(), samples);
    if (!found) return found;
    if (claim_.statistic == Claim::Statistic::settled && !compares_ratios()) {
      SeedDifference rounded = found->difference;
      const double variance = kVarianceOfRounding / static_cast<double>(from.statistics.size()) +
                              kVarianceOfRounding / static_cast<double>(to.statistics.size());
      rounded.over_seeds.error = std::hypot(rounded.over_seeds.error, std::sqrt(variance));
      found = comparison_of(rounded, found->target);
    }
    if (claim_.kind != ClaimKind::equal_within) return found;
    return compares_ratios() ? equivalence_of_ratio(*found) : equivalence(*found);
  }

  /// `where`: what distinguishes the runs of both levels from others; may be empty.
  ClaimPart step(const Level& from, const Level& to, const std::string& where) {
    for (const ReportedRun* run : from.runs) judgement_.note(*run);
    for (const ReportedRun* run : to.runs) judgement_.note(*run);
    ClaimPart part;
    part.seeds = std::min(from.statistics.size(), to.statistics.size());
    // With several settings a seed has several values: there is no number to show.
    const bool is_clear = from.settings.size() <= 1 && to.settings.size() <= 1;
    if (is_clear) part.comparison = comparison(from, to);
    part.text = numbers_text(from, to, where, is_clear);
    if (part.comparison) part.text += comparison_text(*part.comparison);
    if (is_clear && !part.comparison) part.text += samples_text(from, to);
    part.text += steps_text(from, to);
    part.text += conditions_text(from, to);
    part.text += left_out_text(from.unfinished + to.unfinished, scope_.moment);
    part.shortcoming = shortcoming_of(scope_, from);
    if (part.shortcoming.empty()) part.shortcoming = shortcoming_of(scope_, to);
    if (part.shortcoming.empty() && !part.comparison) {
      part.shortcoming = compares_ratios() ? "values that are not positive have no ratio"
                                           : "the values are too large to compare";
    }
    return part;
  }

  std::string numbers_text(const Level& from, const Level& to, const std::string& where,
                           bool is_clear) const {
    const std::string at = where.empty() ? "" : where + ": ";
    if (!is_clear || from.statistics.empty() || to.statistics.empty()) {
      return fmt::format("{}{} {} to {}", at, scope_.over, printable(from.label, 40),
                         printable(to.label, 40));
    }
    return fmt::format("{}{} at {} {} ({}), {} at {} ({})", at, format_number(from.mean()),
                       scope_.over, printable(from.label, 40),
                       seed_count_text(from.statistics.size()), format_number(to.mean()),
                       printable(to.label, 40), seed_count_text(to.statistics.size()));
  }

  std::string comparison_text(const SeedComparison& found) const {
    std::string text =
        fmt::format(": {} {}, {} % interval {} to {}{}", compares_ratios() ? "ratio" : "difference",
                    format_number(found.estimate), claim_.kind == ClaimKind::equal_within ? 90 : 95,
                    format_number(found.interval.low), format_number(found.interval.high),
                    found.is_paired() ? " (paired by seed)" : "");
    if (found.difference.over_samples) {
      text += fmt::format(
          ", over seeds and {} validation samples",
          format_count(static_cast<std::int64_t>(found.difference.over_samples->degrees) + 1));
    }
    return text;
  }

  /// What the validation samples say of single seeds.
  static std::string samples_text(const Level& from, const Level& to) {
    const auto found = sample_difference(from.samples, to.samples);
    if (!found) return {};
    const Interval interval = interval_around(*found);
    return fmt::format(
        ": difference {}, 95 % interval {} to {} over {} validation samples, which says nothing of "
        "other seeds",
        format_number(found->value), format_number(interval.low), format_number(interval.high),
        format_count(static_cast<std::int64_t>(found->degrees) + 1));
  }

  /// Epochs of different sizes have different numbers of steps.
  std::string steps_text(const Level& from, const Level& to) const {
    const bool is_at_end =
        claim_.statistic == Claim::Statistic::last || claim_.statistic == Claim::Statistic::best;
    const bool is_clear = from.steps.size() == 1 && to.steps.size() == 1;
    if (!is_at_end || !is_clear || from.steps == to.steps) return {};
    return fmt::format("; after {} and {} steps", format_count(*from.steps.begin()),
                       format_count(*to.steps.begin()));
  }

  /// A difference of conditions is part of the difference between the levels.
  static std::string conditions_text(const Level& from, const Level& to) {
    if (from.conditions.empty() || to.conditions.empty() || from.conditions == to.conditions) {
      return {};
    }
    return fmt::format("; they also differ in conditions: {} and {}",
                       fmt::join(from.conditions, ", or "), fmt::join(to.conditions, ", or "));
  }

  const ClaimScope& scope_;
  const Claim& claim_;
  Judgement judgement_;
  std::string missing_;  ///< why a pair cannot be compared
};

}  // namespace

Judgement judge_steps(const ClaimScope& scope) {
  return StepClaim(scope).judge();
}

}  // namespace epochal::report

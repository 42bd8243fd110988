// Claims about the course of each setting: converged_by, spikes, settled and gap.

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/claims/claim_part.h"
#include "reports/claims/seen_in_run.h"
#include "reports/statistics/series.h"

namespace epochal::report {
namespace {

using ClaimKind = Claim::Kind;

constexpr double kNoEnd = std::numeric_limits<double>::infinity();
constexpr double kLevelOfClaim = 0.05;

/// Runs that differ only in their seed, with the same length.
struct JudgedSetting {
  std::string name;
  std::vector<const ReportedRun*> runs;
  int unfinished = 0;
};

class SettingClaim {
 public:
  explicit SettingClaim(const ClaimScope& scope) : scope_(scope), claim_(scope.claim) {}

  Judgement judge() {
    judgement_.rule = rule();
    if (std::string why = why_not_measured(); !why.empty()) return judgement_.undecided(why);
    const bool needs_direction = claim_.kind == ClaimKind::spikes || claim_.kind == ClaimKind::gap;
    if (needs_direction && !scope_.better) {
      return judgement_.undecided(
          fmt::format("the experiment does not declare whether a lower or a higher {} is better",
                      scope_.metric));
    }
    const std::vector<JudgedSetting> settings = judged_settings();
    if (settings.empty()) return judgement_.undecided(why_no_setting());
    level_ = kLevelOfClaim / static_cast<double>(settings.size());
    std::vector<ClaimPart> parts;
    for (const JudgedSetting& setting : settings) parts.push_back(part_of(setting));
    conclude(parts, "settings", judgement_);
    return std::move(judgement_);
  }

 private:
  /// Where the runs have measured something, but not what the claim names.
  std::string why_not_measured() const {
    const bool has_begun = std::ranges::any_of(
        scope_.data.runs, [](const ReportedRun& run) { return !run.metrics.empty(); });
    if (!has_begun) return {};
    std::string why = scope_.why_not_measured(scope_.metric);
    if (!why.empty() || claim_.kind != ClaimKind::gap) return why;
    return scope_.why_not_measured(training_metric_of(scope_));
  }

  std::string why_no_setting() const {
    const bool has_wanted = std::ranges::any_of(
        scope_.data.runs, [&](const ReportedRun& run) { return scope_.is_wanted(run); });
    if (!has_wanted || scope_.moment.is_end()) return scope_.no_run_is_wanted();
    return "no run " + scope_.moment.condition_text();
  }

  /// At a step, only those that come to it.
  std::vector<JudgedSetting> judged_settings() const {
    std::vector<JudgedSetting> settings;
    std::map<std::string, std::size_t> places;
    for (const ReportedRun& run : scope_.data.runs) {
      if (!scope_.is_wanted(run)) continue;
      const bool is_usable = epoch_at(run, scope_.moment).has_value();
      // Seeds of different lengths end at different epochs.
      const Epoch length = !scope_.moment.is_end() ? 0
                           : is_usable             ? run.run.epochs_done
                                                   : run.run.epochs;
      const auto [place, is_new] =
          places.try_emplace(fmt::format("{} {}", run.run.group_identity, length), settings.size());
      if (is_new) settings.push_back({run.setting, {}, 0});
      JudgedSetting& setting = settings[place->second];
      if (is_usable) {
        setting.runs.push_back(&run);
      } else {
        ++setting.unfinished;
      }
    }
    const bool may_be_missing = !scope_.moment.is_end();
    std::erase_if(settings, [&](const JudgedSetting& setting) {
      return may_be_missing && setting.runs.empty();
    });
    return settings;
  }

  std::string rule() const {
    const std::string& metric = scope_.metric;
    const bool is_higher = scope_.better == Better::higher;
    switch (claim_.kind) {
      case ClaimKind::converged_by:
        return fmt::format(
            "from epoch {} to {} the line through {} changes by at most {} of its value at epoch "
            "{}",
            trend_begin(claim_), claim_.epoch, metric, share_text(claim_.tolerance), claim_.epoch);
      case ClaimKind::spikes:
        return fmt::format(
            "a spike is a {} {} {} {} what the two epochs before and the two after make likely, "
            "and farther from it than noise explains{}",
            metric, is_higher ? "below 1 /" : "above", format_number(claim_.height),
            is_higher ? "of" : "times",
            claim_.epochs.empty()
                ? std::string("; there is at least one")
                : fmt::format("; there is one within {} of epoch {}", claim_.within,
                              fmt::join(claim_.epochs, " and of epoch ")));
      case ClaimKind::settled:
        return fmt::format("from epoch {} on {} stays within {} of its end", claim_.epoch, metric,
                           share_text(claim_.distance));
      default:
        return fmt::format("{} {} is at most {} {} {}",
                           scope_.moment.is_end() ? "at the end" : scope_.moment.text().substr(1),
                           metric, share_text(claim_.at_most), is_higher ? "below" : "above",
                           training_metric_of(scope_));
    }
  }

  // What the seeds of a setting show together.

  ClaimPart part_of(const JudgedSetting& setting) {
    ClaimPart part;
    part.has_two_sides = false;
    std::vector<SeenInRun> seen;
    std::vector<std::string> words;
    for (const ReportedRun* run : setting.runs) {
      seen.push_back(seen_in(scope_, *run, level_));
      judgement_.note(*run);
      words.push_back(setting.runs.size() > 1
                          ? fmt::format("seed {}: {}", run->run.seed, seen.back().text)
                          : seen.back().text);
      if (part.shortcoming.empty()) part.shortcoming = seen.back().shortcoming;
    }
    part.seeds = seen.size();
    part.text =
        fmt::format("{}: {}", printable(setting.name, 120),
                    seen.empty() ? "no finished run" : fmt::format("{}", fmt::join(words, "; ")));
    decide(setting, seen, part);
    part.text += left_out_text(setting.unfinished, scope_.moment);
    const auto wanted = static_cast<std::size_t>(std::max(claim_.seeds, 1));
    if (seen.size() < wanted) {
      part.direct.reset();
      part.shortcoming = seen.empty()
                             ? "it needs one"
                             : fmt::format("{} of {} wanted", seed_count_text(seen.size()), wanted);
    }
    return part;
  }

  void decide(const JudgedSetting& setting, const std::vector<SeenInRun>& seen,
              ClaimPart& part) const {
    if (seen.empty() || !part.shortcoming.empty()) return;
    if (seen.front().verdict) return decide_by_agreement(seen, part);
    if (seen.size() >= kFewestSeeds) return decide_over_seeds(setting, seen, part);
    decide_within_runs(seen, part);
  }

  Interval target() const {
    if (claim_.kind == ClaimKind::converged_by) return {-claim_.tolerance, claim_.tolerance};
    return {-kNoEnd, claim_.at_most};
  }

  SeedComparison tested(const SeedDifference& difference) const {
    const SeedComparison found = comparison_of(difference, target());
    return claim_.kind == ClaimKind::converged_by ? equivalence(found) : found;
  }

  /// The spread of the seeds holds the noise of the runs.
  void decide_over_seeds(const JudgedSetting& setting, const std::vector<SeenInRun>& seen,
                         ClaimPart& part) const {
    std::vector<double> numbers;
    for (const SeenInRun& one : seen) numbers.push_back(*one.number);
    const SeedDifference mean{estimate_of(numbers), error_of_samples(setting), false};
    if (!mean.whole().is_finite()) {
      part.shortcoming = "the values are too large to compare";
      return;
    }
    part.comparison = tested(mean);
    part.text += fmt::format(
        "; mean {}, {} % interval {} to {} over seeds{}", share_text(mean.over_seeds.value),
        claim_.kind == ClaimKind::converged_by ? 90 : 95, share_text(part.comparison->interval.low),
        share_text(part.comparison->interval.high),
        mean.over_samples ? " and validation samples" : "");
  }

  /// Of the mean gap: the validation set is the same for all seeds.
  std::optional<Estimate> error_of_samples(const JudgedSetting& setting) const {
    if (claim_.kind != ClaimKind::gap) return std::nullopt;
    SampleValues gaps;
    SampleValues none;
    for (const ReportedRun* run : setting.runs) {
      const std::vector<PointPair> pairs = gap_pairs(scope_, *run);
      std::vector<double> values = scope_.samples(*run);
      if (values.empty() || pairs.empty()) return std::nullopt;
      for (double& value : values) value /= pairs.back().second;
      none[run->run.seed] = std::vector<double>(values.size(), 0);
      gaps[run->run.seed] = std::move(values);
    }
    return sample_difference(none, gaps);
  }

  /// Each seed must show it beyond its own noise.
  static void decide_by_agreement(const std::vector<SeenInRun>& seen, ClaimPart& part) {
    std::vector<double> numbers;
    for (const SeenInRun& one : seen) {
      if (one.number) numbers.push_back(*one.number);
    }
    if (const auto interval = mean_interval(numbers)) {
      part.text += fmt::format("; 95 % interval of the mean over seeds {} to {}",
                               format_number(interval->low), format_number(interval->high));
    }
    const Verdict first = *seen.front().verdict;
    const bool all_agree = std::all_of(seen.begin(), seen.end(),
                                       [&](const SeenInRun& one) { return one.verdict == first; });
    part.direct = all_agree ? first : Verdict::undecided;
    if (all_agree && first != Verdict::undecided) return;
    part.text += all_agree
                     ? "; noise could explain it, or hide it: longer runs or less noise would "
                       "decide it, more seeds would not"
                     : "; the seeds do not agree";
  }

  void decide_within_runs(const std::vector<SeenInRun>& seen, ClaimPart& part) const {
    std::vector<SeedComparison> tests;
    for (const SeenInRun& one : seen) {
      if (!one.within) continue;
      // More seeds have the same validation set, but noise of their own.
      tests.push_back(claim_.kind == ClaimKind::gap
                          ? tested({{one.within->value, 0, one.within->degrees}, one.within, false})
                          : tested({*one.within, {}, false}));
    }
    if (tests.size() < seen.size()) {
      part.shortcoming = fmt::format(
          "too few seeds to judge without values by validation sample: {}, {} are needed",
          seed_count_text(seen.size()), kFewestSeeds);
      return;
    }
    // Each seed must show it, so the least sure one decides.
    const auto is_inside = [](const SeedComparison& test) {
      return test.p_inside <= test.p_outside;
    };
    const auto least_sure = std::max_element(
        tests.begin(), tests.end(), [&](const SeedComparison& a, const SeedComparison& b) {
          return std::min(a.p_inside, a.p_outside) < std::min(b.p_inside, b.p_outside);
        });
    part.comparison = *least_sure;
    const bool all_agree = std::all_of(tests.begin(), tests.end(), [&](const SeedComparison& test) {
      return is_inside(test) == is_inside(tests.front());
    });
    if (!all_agree) part.shortcoming = "the seeds do not agree";
  }

  const ClaimScope& scope_;
  const Claim& claim_;
  double level_ = kLevelOfClaim;  ///< of one setting
  Judgement judgement_;
};

}  // namespace

Judgement judge_settings(const ClaimScope& scope) {
  return SettingClaim(scope).judge();
}

}  // namespace epochal::report

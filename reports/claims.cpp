// Judges claims by the records.

#include "reports/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "framework/base/human_format.h"
#include "framework/base/printable.h"
#include "reports/run_state.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/seed_statistics.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

constexpr double kUnbounded = std::numeric_limits<double>::infinity();
constexpr Interval kBelowZero{-kUnbounded, 0};
constexpr Interval kAboveZero{0, kUnbounded};

/// One refuted step refutes the claim; all steps must support it.
Verdict together(const std::vector<Verdict>& parts) {
  if (parts.empty()) return Verdict::undecided;
  if (std::find(parts.begin(), parts.end(), Verdict::refuted) != parts.end()) {
    return Verdict::refuted;
  }
  return std::find(parts.begin(), parts.end(), Verdict::undecided) != parts.end()
             ? Verdict::undecided
             : Verdict::supported;
}

/// "1 unfinished run is left out"; empty if there is none.
std::string left_out(int unfinished) {
  if (unfinished == 0) return {};
  return fmt::format("; {} unfinished run{} left out", unfinished,
                     unfinished == 1 ? " is" : "s are");
}

std::string p_text(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p {:.2g}", p);
}

std::string seeds_text(std::size_t count) {
  return fmt::format("{} seed{}", count, count == 1 ? "" : "s");
}

/// 1 and 1.0 are the same value; "1" is another.
bool is_same(const ParameterValue& a, const ParameterValue& b) {
  const auto first = number_of(a);
  const auto second = number_of(b);
  return first && second ? *first == *second : a == b;
}

/// The runs of one value of the compared parameter.
struct Level {
  ParameterValue key;
  double value = 0;
  std::string label;
  SeedValues statistics;  ///< of its finished runs
  std::set<std::string>
      settings;  ///< identities of groups; several: runs differ in more than their seed
  std::vector<std::string> runs;
  int unfinished = 0;
  int diverged = 0;

  double mean() const {
    std::vector<double> values;
    for (const auto& [seed, number] : statistics) values.push_back(number);
    return spread_of(values)->mean;
  }
};

class Judge {
 public:
  Judge(const Claim& claim, const ReportData& data)
      : claim_(claim),
        data_(data),
        metric_(claim.metric.empty() ? data.main_metric : claim.metric),
        over_(claim.over.empty() ? data.compare_by : claim.over),
        better_(better_of(data, metric_)) {
    judged_.text = claim.text;
  }

  JudgedClaim judge() {
    switch (claim_.kind) {
      case Claim::Kind::decreases:
      case Claim::Kind::increases:
      case Claim::Kind::ratio:
        judge_steps();
        break;
      case Claim::Kind::better_than:
        judge_pair();
        break;
      case Claim::Kind::converged_by:
      case Claim::Kind::spikes:
      case Claim::Kind::gap:
        judge_settings();
        break;
    }
    return std::move(judged_);
  }

 private:
  bool is_wanted(const ReportedRun& run) const {
    if (claim_.only_name.empty()) return true;
    const ParameterValue* value = run.run.parameters.find(claim_.only_name);
    return value != nullptr && is_same(*value, claim_.only_value);
  }

  void undecided(std::string why) { judged_.numbers.push_back(std::move(why)); }

  // Comparisons between values of a parameter.

  std::string statistic_text() const {
    switch (claim_.statistic) {
      case Claim::Statistic::first:
        return "first " + metric_;
      case Claim::Statistic::last:
        return "last " + metric_;
      case Claim::Statistic::best:
        return fmt::format("{} {}", better_ == Better::higher ? "highest" : "lowest", metric_);
      case Claim::Statistic::settled:
        return "epoch at which " + metric_ + " settles";
    }
    return {};
  }

  /// The level of a run; null if the claim is not about the run.
  Level* level_of(const ReportedRun& run, std::vector<Level>& levels) const {
    const ParameterValue* value = run.run.parameters.find(over_);
    if (value == nullptr || !is_wanted(run)) return nullptr;
    auto level = std::find_if(levels.begin(), levels.end(),
                              [&](const Level& known) { return is_same(known.key, *value); });
    if (level == levels.end()) {
      levels.push_back({});
      level = std::prev(levels.end());
      level->key = *value;
      level->label = to_text(*value);
      level->value = number_of(run, over_).value_or(0);
    }
    level->settings.insert(run.run.group_identity);
    return &*level;
  }

  /// By ascending value; texts in the order of their runs.
  std::vector<Level> levels(const ComparableSet& set) const {
    std::vector<Level> levels;
    for (const ReportedRun* run : set.runs) {
      Level* level = level_of(*run, levels);
      if (level == nullptr) continue;
      const store::Series& series = series_of(*run, metric_);
      const auto statistic = statistic_of(series, claim_.statistic, better_);
      // A run that ends in NaN decides nothing, whatever its earlier values.
      if (statistic && std::isfinite(series.back().value)) {
        level->statistics[run->run.seed] = *statistic;
        level->runs.push_back(run->run.short_identity());
      } else {
        ++level->diverged;
      }
    }
    for (const ReportedRun* run : set.unfinished) {
      if (Level* level = level_of(*run, levels)) ++level->unfinished;
    }
    std::stable_sort(levels.begin(), levels.end(),
                     [](const Level& a, const Level& b) { return a.value < b.value; });
    return levels;
  }

  /// Why a level decides nothing; empty if it can decide.
  std::string shortcoming(const Level& level) const {
    const std::string at = fmt::format("{} {}", over_, printable(level.label, 40));
    if (level.settings.size() > 1) {
      return fmt::format("runs with {} differ in more than their seed; narrow the claim with only",
                         at);
    }
    if (level.diverged > 0) {
      return fmt::format("{} of the finished runs with {} have no finite value", level.diverged,
                         at);
    }
    if (level.statistics.empty()) return "no run with " + at + " is finished";
    const std::size_t wanted =
        std::max(static_cast<std::size_t>(std::max(claim_.seeds, 0)), kFewestSeeds);
    if (level.statistics.size() >= wanted) return {};
    return fmt::format("too few seeds to judge: {} at {}, {} are needed",
                       seeds_text(level.statistics.size()), at, wanted);
  }

  /// Why the metric is not comparable between values of the parameter; empty if it is.
  std::string obstacle(const ComparableRuns& comparable) const {
    if (over_.empty()) return "the runs differ in no parameter that could be compared";
    const bool is_measured =
        std::any_of(data_.runs.begin(), data_.runs.end(),
                    [&](const ReportedRun& run) { return !series_of(run, metric_).empty(); });
    if (!is_measured) return fmt::format("no run has measured {}", metric_);
    const bool needs_direction =
        claim_.kind == Claim::Kind::better_than || claim_.statistic == Claim::Statistic::best;
    if (needs_direction && !better_) {
      return fmt::format("the experiment does not declare whether a lower or a higher {} is better",
                         metric_);
    }
    if (!comparable.parameters.contains(over_)) return {};
    return fmt::format("{} changes what {} means: its values at different {} cannot be compared",
                       over_, metric_, over_);
  }

  void judge_steps() {
    judged_.rule = rule_of_steps();
    const ComparableRuns comparable = comparable_runs(data_, metric_);
    if (const std::string why = obstacle(comparable); !why.empty()) return undecided(why);
    std::vector<Step> steps;
    for (const ComparableSet& set : comparable.sets) {
      const std::vector<Level> all = levels(set);
      for (std::size_t i = 1; i < all.size(); ++i) {
        steps.push_back(step(all[i - 1], all[i], set.where));
      }
    }
    if (steps.empty()) return undecided(why_no_step(comparable));
    conclude(steps);
  }

  std::string why_no_step(const ComparableRuns& comparable) const {
    std::set<std::string> values;
    for (const ReportedRun& run : data_.runs) {
      const ParameterValue* value = run.run.parameters.find(over_);
      if (value != nullptr && is_wanted(run)) values.insert(to_text(*value));
    }
    const bool has_wanted = std::any_of(data_.runs.begin(), data_.runs.end(),
                                        [&](const ReportedRun& run) { return is_wanted(run); });
    if (!has_wanted) {
      return fmt::format("no run has {} {}", claim_.only_name,
                         printable(to_text(claim_.only_value), 40));
    }
    if (values.empty()) return fmt::format("no run has the parameter {}", printable(over_, 80));
    if (values.size() < 2) return fmt::format("{} has only one value", over_);
    return fmt::format("no runs with different {} are comparable.{}", over_,
                       comparable.remarks(metric_));
  }

  std::string rule_of_steps() const {
    switch (claim_.kind) {
      case Claim::Kind::decreases:
        return fmt::format("the {} is lower at each larger {}", statistic_text(), over_);
      case Claim::Kind::increases:
        return fmt::format("the {} is higher at each larger {}", statistic_text(), over_);
      default:
        return fmt::format(
            "from each {} to the next larger one the {} falls by a factor of {} to {}", over_,
            statistic_text(), format_number(lowest_ratio()), format_number(highest_ratio()));
    }
  }

  double lowest_ratio() const { return claim_.expected * (1 - std::min(claim_.tolerance, 1.0)); }
  double highest_ratio() const { return claim_.expected * (1 + claim_.tolerance); }

  /// One comparison of two neighbours, before the correction over all steps of the claim.
  struct Step {
    std::string text;
    std::string shortcoming;  ///< why it decides nothing; empty if it can decide
    std::optional<SeedComparison> comparison;

    bool may_decide() const { return comparison && shortcoming.empty(); }
  };

  Step step(const Level& from, const Level& to, const std::string& where) {
    if (claim_.kind == Claim::Kind::ratio) {
      const Interval target{lowest_ratio(), highest_ratio()};
      return compared(from, to, where, "ratio", ratio(from.statistics, to.statistics, target));
    }
    const Interval target = claim_.kind == Claim::Kind::decreases ? kBelowZero : kAboveZero;
    return compared(from, to, where, "difference",
                    difference(from.statistics, to.statistics, target));
  }

  /// `where`: what distinguishes the runs of both levels from others; may be empty.
  Step compared(const Level& from, const Level& to, const std::string& where, std::string_view word,
                std::optional<SeedComparison> comparison) {
    note_runs(from);
    note_runs(to);
    const std::string at = where.empty() ? "" : where + ": ";
    Step step{
        fmt::format("{}{} {} to {}", at, over_, printable(from.label, 40), printable(to.label, 40)),
        {},
        comparison};
    // With several settings a seed has several values: there is no number to show.
    const bool is_clear = from.settings.size() <= 1 && to.settings.size() <= 1;
    if (!is_clear) step.comparison.reset();
    if (is_clear && !from.statistics.empty() && !to.statistics.empty()) {
      step.text = fmt::format("{}{} at {} {} ({}), {} at {} ({})", at, format_number(from.mean()),
                              over_, printable(from.label, 40), seeds_text(from.statistics.size()),
                              format_number(to.mean()), printable(to.label, 40),
                              seeds_text(to.statistics.size()));
    }
    if (step.comparison) {
      step.text += fmt::format(
          ": {} {}, 95 % interval {} to {}{}", word, format_number(comparison->estimate),
          format_number(comparison->interval.low), format_number(comparison->interval.high),
          comparison->is_paired ? " (paired by seed)" : "");
    }
    step.text += left_out(from.unfinished + to.unfinished);
    step.shortcoming = shortcoming(from);
    if (step.shortcoming.empty()) step.shortcoming = shortcoming(to);
    if (step.shortcoming.empty() && !step.comparison) {
      step.shortcoming = claim_.kind == Claim::Kind::ratio
                             ? "values that are not positive have no ratio"
                             : "the values are too large to compare";
    }
    return step;
  }

  void note_runs(const Level& level) {
    for (const std::string& run : level.runs) {
      if (std::find(judged_.runs.begin(), judged_.runs.end(), run) == judged_.runs.end()) {
        judged_.runs.push_back(run);
      }
    }
  }

  /// Decides all steps together, so that many steps do not find a difference by chance.
  void conclude(const std::vector<Step>& steps) {
    constexpr double kLevel = 0.05;
    std::vector<double> p_values;
    for (const Step& step : steps) {
      if (!step.may_decide()) continue;
      p_values.push_back(std::min(step.comparison->p_inside, step.comparison->p_outside));
    }
    const std::vector<double> adjusted = holm(p_values);
    std::vector<Verdict> verdicts;
    std::size_t tested = 0;
    for (const Step& step : steps) {
      if (!step.may_decide()) {
        judged_.numbers.push_back(step.text + "; " + step.shortcoming);
        verdicts.push_back(Verdict::undecided);
        continue;
      }
      const double p = adjusted[tested++];
      judged_.numbers.push_back(
          step.text + fmt::format("; {}{}", p_text(p),
                                  adjusted.size() > 1
                                      ? fmt::format(" after Holm over {} steps", adjusted.size())
                                      : ""));
      const bool is_inside = step.comparison->p_inside <= step.comparison->p_outside;
      verdicts.push_back(p > kLevel  ? Verdict::undecided
                         : is_inside ? Verdict::supported
                                     : Verdict::refuted);
    }
    judged_.verdict = together(verdicts);
  }

  void judge_pair() {
    const std::string better = to_text(claim_.value);
    const std::string worse = to_text(claim_.than);
    judged_.rule = fmt::format("the {} is better{} at {} {} than at {}", statistic_text(),
                               better_ ? fmt::format(" ({})", name_of(*better_)) : "", over_,
                               printable(better, 40), printable(worse, 40));
    const ComparableRuns comparable = comparable_runs(data_, metric_);
    if (const std::string why = obstacle(comparable); !why.empty()) return undecided(why);
    const Interval target = better_ == Better::higher ? kAboveZero : kBelowZero;
    std::vector<Step> steps;
    bool has_better = false;
    bool has_worse = false;
    for (const ComparableSet& set : comparable.sets) {
      const std::vector<Level> all = levels(set);
      const auto at = [&](const ParameterValue& value) {
        return std::find_if(all.begin(), all.end(),
                            [&](const Level& level) { return is_same(level.key, value); });
      };
      const auto good = at(claim_.value);
      const auto bad = at(claim_.than);
      has_better = has_better || good != all.end();
      has_worse = has_worse || bad != all.end();
      if (good == all.end() || bad == all.end()) continue;
      steps.push_back(compared(*bad, *good, set.where, "difference",
                               difference(bad->statistics, good->statistics, target)));
    }
    if (!has_better || !has_worse) {
      return undecided(
          fmt::format("no run has {} {}", over_, printable(has_better ? worse : better, 40)));
    }
    if (steps.empty()) return undecided(why_no_step(comparable));
    conclude(steps);
  }

  // Claims about each run by itself.

  /// Whether one run shows it, the number that decides, and a description.
  struct Observation {
    std::optional<bool> holds;  ///< none: the run cannot say
    std::optional<double> number;
    std::string text;
  };

  void judge_settings() {
    judged_.rule = rule_of_settings();
    if (claim_.kind != Claim::Kind::converged_by && !better_) {
      return undecided(fmt::format(
          "the experiment does not declare whether a lower or a higher {} is better", metric_));
    }
    std::vector<std::string> order;
    std::map<std::string, std::vector<const ReportedRun*>> settings;
    std::map<std::string, int> unfinished;
    for (const ReportedRun& run : data_.runs) {
      if (!is_wanted(run)) continue;
      // Seeds of different lengths end at different epochs.
      const Epoch length = is_unfinished(run) ? run.run.epochs : run.run.epochs_done;
      const std::string setting = fmt::format("{} {}", run.run.group_identity, length);
      if (!settings.contains(setting)) order.push_back(setting);
      settings[setting];
      if (is_unfinished(run)) {
        ++unfinished[setting];
      } else {
        settings[setting].push_back(&run);
      }
      names_[setting] = run.setting;
    }
    if (settings.empty()) {
      return undecided(fmt::format("no run has {} {}", claim_.only_name,
                                   printable(to_text(claim_.only_value), 40)));
    }
    std::vector<Verdict> verdicts;
    for (const std::string& setting : order) {
      verdicts.push_back(setting_verdict(setting, settings[setting], unfinished[setting]));
    }
    judged_.verdict = together(verdicts);
  }

  std::string rule_of_settings() const {
    switch (claim_.kind) {
      case Claim::Kind::converged_by:
        return fmt::format(
            "from epoch {} to {} (the last fifth) the largest and the smallest {} "
            "differ "
            "by at most {} of its value at epoch {}",
            window_begin(), claim_.epoch, metric_, percent(claim_.tolerance), claim_.epoch);
      case Claim::Kind::spikes:
        return fmt::format(
            "a spike is a {} {} the median of the two before and the two after{}", metric_,
            better_ == Better::higher ? fmt::format("below the one before and below 1/{} of",
                                                    format_number(claim_.height))
                                      : fmt::format("above the one before and above {} times",
                                                    format_number(claim_.height)),
            claim_.epochs.empty()
                ? std::string("; there is at least one")
                : fmt::format("; there is one within {} of epoch {}", claim_.within,
                              fmt::join(claim_.epochs, " and of epoch ")));
      default:
        return fmt::format("at the end {} is at most {} {} {}", metric_, percent(claim_.at_most),
                           better_ == Better::higher ? "below" : "above", training());
    }
  }

  static std::string percent(double share) { return fmt::format("{:.3g} %", 100 * share); }

  std::string training() const {
    return claim_.training_metric.empty() ? training_twin(metric_) : claim_.training_metric;
  }

  Epoch window_begin() const { return std::max<Epoch>(1, claim_.epoch - claim_.epoch / 5); }

  Observation observe(const ReportedRun& run) const {
    const store::Series& series = series_of(run, metric_);
    switch (claim_.kind) {
      case Claim::Kind::converged_by:
        return observe_convergence(series);
      case Claim::Kind::spikes:
        return observe_spikes(series);
      default:
        break;
    }
    const auto above = relative_gap(run, metric_, training());
    if (!above) return {{}, {}, fmt::format("has no {} beside {}", training(), metric_)};
    const double gap = better_ == Better::higher ? -*above : *above;
    return {gap <= claim_.at_most, gap, fmt::format("gap {}", percent(gap))};
  }

  Observation observe_convergence(const store::Series& series) const {
    double low = kUnbounded;
    double high = -kUnbounded;
    std::optional<double> end;
    for (const store::SeriesPoint& point : series) {
      if (point.epoch < window_begin() || point.epoch > claim_.epoch) continue;
      if (!std::isfinite(point.value)) return {{}, {}, "has values that are not finite"};
      low = std::min(low, point.value);
      high = std::max(high, point.value);
      if (point.epoch == claim_.epoch) end = point.value;
    }
    if (!end || *end == 0) return {{}, {}, fmt::format("has no epoch {}", claim_.epoch)};
    const double change = (high - low) / std::abs(*end);
    return {change <= claim_.tolerance, change, fmt::format("change {}", percent(change))};
  }

  Observation observe_spikes(const store::Series& series) const {
    if (series.size() < 3) return {{}, {}, "has too few epochs"};
    const std::vector<Spike> spikes = spikes_of(series, claim_.height, *better_);
    std::vector<std::string> words;
    for (const Spike& spike : spikes) {
      words.push_back(fmt::format("epoch {} ({:.2f} times)", spike.epoch, spike.factor));
    }
    const bool has_all = std::all_of(claim_.epochs.begin(), claim_.epochs.end(), [&](Epoch wanted) {
      return std::any_of(spikes.begin(), spikes.end(), [&](const Spike& spike) {
        return std::abs(spike.epoch - wanted) <= claim_.within;
      });
    });
    return {has_all && !spikes.empty(),
            {},
            spikes.empty() ? "no spike" : fmt::format("spikes at {}", fmt::join(words, ", "))};
  }

  Verdict setting_verdict(const std::string& setting, const std::vector<const ReportedRun*>& runs,
                          int unfinished) {
    std::vector<std::string> words;
    std::vector<double> numbers;
    std::size_t have = 0;
    std::size_t lack = 0;
    for (const ReportedRun* run : runs) {
      const Observation seen = observe(*run);
      judged_.runs.push_back(run->run.short_identity());
      words.push_back(runs.size() > 1 ? fmt::format("seed {}: {}", run->run.seed, seen.text)
                                      : seen.text);
      if (seen.number) numbers.push_back(*seen.number);
      if (seen.holds) ++(*seen.holds ? have : lack);
    }
    std::string text =
        fmt::format("{}: {}", printable(names_.at(setting), 120),
                    runs.empty() ? "no finished run" : fmt::format("{}", fmt::join(words, "; ")));
    if (const auto interval = mean_interval(numbers)) {
      text += fmt::format("; 95 % interval of the mean over seeds {} to {}", percent(interval->low),
                          percent(interval->high));
    }
    text += left_out(unfinished);
    const auto wanted = static_cast<std::size_t>(std::max(claim_.seeds, 1));
    if (have + lack < wanted && !runs.empty()) {
      text += fmt::format("; {} of {} wanted", seeds_text(have + lack), wanted);
    }
    judged_.numbers.push_back(text);
    if (have + lack < wanted) return Verdict::undecided;
    if (lack == 0) return Verdict::supported;
    return have == 0 ? Verdict::refuted : Verdict::undecided;
  }

  const Claim& claim_;
  const ReportData& data_;
  std::string metric_;
  std::string over_;
  std::optional<Better> better_;
  std::map<std::string, std::string> names_;  ///< of settings
  JudgedClaim judged_;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::supported:
      return "supported";
    case Verdict::refuted:
      return "refuted";
    case Verdict::undecided:
      return "undecided";
  }
  return {};
}

JudgedClaim judge(const Claim& claim, const ReportData& data) {
  return Judge(claim, data).judge();
}

}  // namespace epochal::report

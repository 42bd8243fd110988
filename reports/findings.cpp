// Describes the series in sentences.

#include "reports/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include "framework/base/human_format.h"
#include "reports/run_state.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/noise_floor.h"
#include "reports/statistics/seed_statistics.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"
#include "reports/statistics/spikes.h"

namespace epochal::report {
namespace {

using Statistic = Claim::Statistic;

/// More settings than this are not listed one by one.
constexpr std::size_t kMostSettings = 8;
constexpr double kSpikeHeight = 1.1;

/// Runs with epochs that differ only in their seed.
struct Setting {
  std::string name;
  std::vector<const ReportedRun*> runs;

  std::vector<double> values(const std::string& metric, Statistic statistic,
                             std::optional<Better> better = std::nullopt) const {
    std::vector<double> result;
    for (const ReportedRun* run : runs) {
      const auto value = statistic_of(series_of(*run, metric), statistic, better);
      if (value) result.push_back(*value);
    }
    return result;
  }

  SeedValues last_by_seed(const std::string& metric) const {
    SeedValues result;
    for (const ReportedRun* run : runs) {
      const auto value = statistic_of(series_of(*run, metric), Statistic::last, std::nullopt);
      if (value) result[run->run.seed] = *value;
    }
    return result;
  }

  std::vector<double> gaps(const std::string& metric) const {
    std::vector<double> result;
    for (const ReportedRun* run : runs) {
      const auto gap =
          relative_gap(joined(series_of(*run, metric), series_of(*run, training_twin(metric))));
      if (gap) result.push_back(*gap);
    }
    return result;
  }
};

/// The settings of runs that have epochs, in the order of their first runs.
std::vector<Setting> settings_of(const std::vector<const ReportedRun*>& runs) {
  std::vector<store::RunRecord> records;
  for (const ReportedRun* run : runs) records.push_back(run->run);
  std::vector<Setting> settings;
  for (const std::vector<std::size_t>& group : runs_by_setting(records)) {
    Setting setting{runs[group.front()]->setting, {}};
    for (const std::size_t index : group) {
      if (!runs[index]->epochs.empty()) setting.runs.push_back(runs[index]);
    }
    if (!setting.runs.empty()) settings.push_back(std::move(setting));
  }
  return settings;
}

std::vector<const ReportedRun*> all_runs(const ReportData& data) {
  std::vector<const ReportedRun*> runs;
  for (const ReportedRun& run : data.runs) runs.push_back(&run);
  return runs;
}

std::string spread_text(const std::vector<double>& values) {
  const auto spread = spread_of(values);
  return spread ? format_spread(*spread) : "no number";
}

double mean_of(const std::vector<double>& values) {
  return spread_of(values)->mean;
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

class Discussion {
 public:
  explicit Discussion(const ReportData& data)
      : data_(data),
        metric_(data.main_metric),
        better_(better_of(data, data.main_metric)),
        comparable_(comparable_runs(data, data.main_metric)),
        settings_(settings_of(all_runs(data))) {}

  std::vector<std::string> write() {
    if (metric_.empty() || settings_.empty()) return {"Nothing has been measured yet."};
    if (settings_.size() <= kMostSettings) {
      for (const Setting& setting : settings_) tell_courses(setting);
    }
    for (const ComparableSet& set : std::span(comparable_.sets).first(shown_sets(comparable_))) {
      compare(set);
    }
    tell_what_is_kept_apart();
    tell_noise();
    tell_spikes();
    tell_gaps();
    tell_time();
    tell_what_is_missing();
    return std::move(sentences_);
  }

 private:
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  /// The main metric, or, of runs of an experiment that does not measure it, their own objective;
  /// empty if they have no values of that either.
  std::string metric_of(const Setting& setting) const {
    const auto measures = [&](const std::string& metric) {
      return std::any_of(setting.runs.begin(), setting.runs.end(),
                         [&](const ReportedRun* run) { return !series_of(*run, metric).empty(); });
    };
    if (measures(metric_)) return metric_;
    const std::string own = data_.declarations.objective(setting.runs.front()->run);
    return !own.empty() && measures(own) ? own : "";
  }

  /// Describes finished seeds of one length together, and each unfinished run by itself.
  void tell_courses(const Setting& setting) {
    const std::string metric = metric_of(setting);
    if (metric.empty()) return;
    std::map<Epoch, Setting> by_length;
    for (const ReportedRun* run : setting.runs) {
      if (is_unfinished(*run)) continue;
      Setting& same = by_length[run->run.epochs_done];
      same.name = setting.name;
      same.runs.push_back(run);
    }
    for (const auto& [length, same] : by_length) {
      say(course(same, metric) + settling(same, metric));
    }
    for (const ReportedRun* run : setting.runs) {
      if (!is_unfinished(*run)) continue;
      const bool is_alone = setting.runs.size() == 1;
      say(course({is_alone ? setting.name : run->label, {run}}, metric) + " It is not finished.");
    }
  }

  std::string course(const Setting& setting, const std::string& metric) const {
    const auto first = setting.values(metric, Statistic::first);
    const auto last = setting.values(metric, Statistic::last);
    if (first.empty())
      return fmt::format("{}: {} begins without a finite value.", setting.name, metric);
    if (last.empty()) {
      return fmt::format("{}: {} begins at {} and diverges: its last value is not finite.",
                         setting.name, metric, spread_text(first));
    }
    std::string text =
        fmt::format("{}{}: {} begins at {} and is {} at epoch {}", setting.name,
                    seeds_text(setting, last.size()), metric, spread_text(first), spread_text(last),
                    fmt::join(last_epochs(setting, metric), " and "));
    if (const auto better = better_of(data_, metric)) {
      text += fmt::format("; its {} value is {}", *better == Better::higher ? "highest" : "lowest",
                          spread_text(setting.values(metric, Statistic::best, better)));
    }
    return text + ".";
  }

  /// " (3 seeds)"; also says how many end without a number and are not in the mean.
  static std::string seeds_text(const Setting& setting, std::size_t with_end) {
    const std::size_t seeds = setting.runs.size();
    if (with_end < seeds) {
      return fmt::format(" ({} seeds, {} without a finite end)", seeds, seeds - with_end);
    }
    return seeds > 1 ? fmt::format(" ({} seeds)", seeds) : "";
  }

  /// The epoch of the last values: not every epoch may have the metric.
  static std::set<Epoch> last_epochs(const Setting& setting, const std::string& metric) {
    std::set<Epoch> epochs;
    for (const ReportedRun* run : setting.runs) {
      const store::Series& series = series_of(*run, metric);
      const bool has_end = !series.empty() && std::isfinite(series.back().value);
      if (has_end) epochs.insert(series.back().epoch);
    }
    return epochs;
  }

  static std::string settling(const Setting& setting, const std::string& metric) {
    const auto settled = setting.values(metric, Statistic::settled);
    if (settled.empty()) return {};
    return fmt::format(" It settles at epoch {}.", spread_text(settled));
  }

  void compare(const ComparableSet& set) {
    const std::vector<Setting> settings = settings_of(set.runs);
    std::vector<const Setting*> ordered;
    for (const Setting& setting : settings) {
      if (!setting.values(metric_, Statistic::last).empty()) ordered.push_back(&setting);
    }
    if (ordered.size() < 2) return;
    const auto last = [&](const Setting* setting) {
      return mean_of(setting->values(metric_, Statistic::last));
    };
    const Better better = better_.value_or(Better::lower);
    std::stable_sort(ordered.begin(), ordered.end(), [&](const Setting* a, const Setting* b) {
      return is_better(last(a), last(b), better);
    });
    const Setting* best = ordered.front();
    const Setting* next = ordered[1];
    const Setting* worst = ordered.back();
    const bool is_lower = better == Better::lower;
    std::string text = set.where.empty() ? "" : "Of " + set.where + ": ";
    text += fmt::format("{}he {} final {} is that of {} ({})", text.empty() ? "T" : "t",
                        is_lower ? "lowest" : "highest", metric_, best->name,
                        format_number(last(best)));
    if (better_) text += ", which is the best";
    if (worst != next) {
      text += fmt::format(", the {} that of {} ({})", is_lower ? "highest" : "lowest", worst->name,
                          format_number(last(worst)));
    }
    text += fmt::format("; {} follows, {} {}", next->name,
                        format_number(std::abs(last(next) - last(best))),
                        is_lower ? "higher" : "lower");
    say(text + certainty(*best, *next) + steps_text(*best, *next));
  }

  /// Whether two settings differ by more than chance, judged by their seeds.
  std::string certainty(const Setting& best, const Setting& next) const {
    const SeedValues ours = best.last_by_seed(metric_);
    const SeedValues theirs = next.last_by_seed(metric_);
    if (ours.size() < kFewestSeeds || theirs.size() < kFewestSeeds) {
      return fmt::format(
          ". With fewer than {} seeds the records do not say whether that is chance.",
          kFewestSeeds);
    }
    const auto found = difference(ours, theirs, {});
    if (!found) return ". They are too large to say whether that is chance.";
    const bool may_be_none = found->interval.low <= 0 && found->interval.high >= 0;
    return fmt::format(" (95 % interval over {} and {} seeds{} {} to {}{}).", ours.size(),
                       theirs.size(), found->is_paired() ? ", paired," : "",
                       format_number(found->interval.low), format_number(found->interval.high),
                       may_be_none ? ", which includes no difference" : "");
  }

  /// " They made 4,560 and 640 steps."; empty if both made as many, or the records do not say.
  static std::string steps_text(const Setting& best, const Setting& next) {
    const auto steps = [](const Setting& setting) {
      return store::steps_of(setting.runs.front()->epochs);
    };
    const auto ours = steps(best);
    const auto theirs = steps(next);
    if (!ours || !theirs || ours == theirs) return {};
    return fmt::format(" They made {} and {} steps.", format_count(*ours), format_count(*theirs));
  }

  std::size_t count_of_diverged() const {
    std::size_t diverged = 0;
    for (const ReportedRun& run : data_.runs) {
      const auto last = last_value(run, metric_);
      if (!is_unfinished(run) && last && !std::isfinite(*last)) ++diverged;
    }
    return diverged;
  }

  /// Names several builds of an experiment: only its author knows whether they train the same.
  void tell_builds() {
    std::map<std::string, std::set<std::string>> builds;
    for (const ReportedRun& run : data_.runs) {
      for (const store::AttemptRecord& attempt : run.attempts) {
        const bool has_made_some = attempt.first_epoch && !attempt.build.empty();
        if (has_made_some) builds[run.run.experiment].insert(attempt.build);
      }
    }
    for (const auto& [experiment, made_by] : builds) {
      if (made_by.size() < 2) continue;
      say(fmt::format(
          "{} builds of {} made these runs. The records do not say whether they train "
          "the same; `epochal run --restart-changed` starts them again with the current build.",
          made_by.size(), experiment));
    }
  }

  void tell_what_is_kept_apart() {
    tell_builds();
    if (const std::size_t diverged = count_of_diverged(); diverged > 0) {
      say(fmt::format("{} diverged and {} left out of the comparison: the last {} is not finite.",
                      runs_text(diverged), diverged == 1 ? "is" : "are", metric_));
    }
    const std::string remarks = comparable_.remarks(metric_) + sets_left_out(comparable_);
    if (!remarks.empty()) say(remarks.substr(1));
  }

  void tell_noise() {
    const NoiseFloor floor = noise_floor_of(data_);
    if (floor.seeds || floor.mixed) {
      say(fmt::format("The final {} varies: {}.", metric_, floor.text()));
    }
  }

  /// The direction of the metric decides which way a spike goes.
  void tell_spikes() {
    if (!better_) return;
    std::vector<std::string> words;
    std::size_t examined = 0;
    for (const Setting& setting : settings_) {
      for (const ReportedRun* run : setting.runs) {
        const auto test = SpikeTest::of(series_of(*run, metric_), *better_);
        if (!test) continue;
        ++examined;
        for (const Spike& spike : test->spikes(kSpikeHeight)) {
          words.push_back(fmt::format("{} at epoch {} ({:.2f} times the likely value)", run->label,
                                      spike.epoch, spike.factor));
        }
      }
    }
    if (examined == 0) return;
    const std::string_view rule =
        better_ == Better::higher
            ? "below what the epochs around it make likely, divided by 1.1, and farther than noise "
              "explains"
            : "more than 10 % above what the epochs around it make likely, and farther than noise "
              "explains";
    if (words.empty()) return say(fmt::format("No epoch of {} is {}.", metric_, rule));
    constexpr std::size_t kMostSpikes = 6;
    const std::size_t count = words.size();
    words.resize(std::min(count, kMostSpikes));
    say(fmt::format("{} spikes, {}: {}{}.", metric_, rule, fmt::join(words, "; "),
                    count > kMostSpikes ? fmt::format("; and {} more", count - kMostSpikes) : ""));
  }

  void tell_gaps() {
    const std::string training = training_twin(metric_);
    std::vector<std::string> words;
    // A setting's name contains only parameters, not other differences between runs.
    const bool is_clear = comparable_.lengths.size() < 2 && comparable_.experiments.size() < 2 &&
                          comparable_.versions.size() < 2;
    for (const ComparableSet& set : comparable_.sets) {
      for (const Setting& setting : settings_of(set.runs)) {
        const auto gaps = setting.gaps(metric_);
        if (gaps.empty()) continue;
        const double gap = mean_of(gaps);
        words.push_back(fmt::format("{} {} ({}{}{})", percent(std::abs(gap)),
                                    gap < 0 ? "below" : "above", setting.name, is_clear ? "" : "; ",
                                    is_clear ? "" : set.where));
      }
    }
    if (words.empty() || words.size() > kMostSettings) return;
    say(fmt::format("The final {}, compared with {}, is {}.", metric_, training,
                    fmt::join(words, ", ")));
  }

  /// Only for finished runs: an unfinished one has taken only a part of its time.
  void tell_time() {
    std::vector<const ReportedRun*> runs;
    for (const ReportedRun& run : data_.runs) {
      if (!is_unfinished(run)) runs.push_back(&run);
    }
    if (runs.empty()) return;
    const auto [least, most] = std::ranges::minmax_element(
        runs, {}, [](const ReportedRun* run) { return run->run.trained; });
    if (runs.size() < 2) {
      return say(fmt::format("Training took {}.", format_duration((*most)->run.trained)));
    }
    say(fmt::format("Training took from {} ({}) to {} ({}).",
                    format_duration((*least)->run.trained), (*least)->label,
                    format_duration((*most)->run.trained), (*most)->label));
  }

  void tell_what_is_missing() {
    std::vector<std::string> missing;
    const auto unfinished = std::ranges::count_if(
        data_.runs, [](const ReportedRun& run) { return is_unfinished(run); });
    if (unfinished > 0) {
      missing.push_back(
          fmt::format("how {} unfinished run{}", unfinished, unfinished == 1 ? " ends" : "s end"));
    }
    const bool has_single = std::any_of(settings_.begin(), settings_.end(),
                                        [](const Setting& s) { return s.runs.size() == 1; });
    if (has_single) missing.emplace_back("how much settings with one seed vary");
    const bool has_validation = metric_.starts_with("val.");
    if (!has_validation)
      missing.emplace_back("how good the models are on data that they were not trained on");
    if (missing.empty()) return;
    say(fmt::format("The records do not say {}.", fmt::join(missing, ", nor ")));
  }

  const ReportData& data_;
  std::string metric_;
  std::optional<Better> better_;
  ComparableRuns comparable_;
  std::vector<Setting> settings_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> findings_of(const ReportData& data) {
  return Discussion(data).write();
}

}  // namespace epochal::report

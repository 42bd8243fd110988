// The series in sentences.

#include "reports/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/human_format.h"
#include "reports/replicates.h"
#include "reports/run_state.h"
#include "reports/seed_statistics.h"
#include "reports/series.h"

namespace epochal {
namespace {

using Statistic = Claim::Statistic;

/// More settings than this are not told one by one.
constexpr std::size_t kMostSettings = 8;
constexpr double kSpikeHeight = 1.1;

/// Runs that differ in the seed alone, those with epochs.
struct Setting {
  std::string name;
  std::vector<const ReportedRun*> runs;

  std::vector<double> values(const std::string& metric, Statistic statistic) const {
    std::vector<double> result;
    for (const ReportedRun* run : runs) {
      const auto value = statistic_of(series_of(*run, metric), statistic);
      if (value) result.push_back(*value);
    }
    return result;
  }

  SeedValues by_seed(const std::string& metric, Statistic statistic) const {
    SeedValues result;
    for (const ReportedRun* run : runs) {
      const auto value = statistic_of(series_of(*run, metric), statistic);
      if (value) result[run->run.seed] = *value;
    }
    return result;
  }

  bool is_finished() const {
    return std::none_of(runs.begin(), runs.end(),
                        [](const ReportedRun* run) { return is_unfinished(*run); });
  }

  std::vector<double> gaps(const std::string& metric) const {
    std::vector<double> result;
    for (const ReportedRun* run : runs) {
      const auto gap = relative_gap(*run, metric, training_twin(metric));
      if (gap) result.push_back(*gap);
    }
    return result;
  }
};

std::vector<Setting> settings_of(const ReportData& data) {
  std::vector<RunRecord> records;
  for (const ReportedRun& run : data.runs) records.push_back(run.run);
  std::vector<Setting> settings;
  for (const std::vector<std::size_t>& group : replicate_groups(records)) {
    Setting setting{data.runs[group.front()].setting, {}};
    for (const std::size_t index : group) {
      if (!data.runs[index].epochs.empty()) setting.runs.push_back(&data.runs[index]);
    }
    if (!setting.runs.empty()) settings.push_back(std::move(setting));
  }
  return settings;
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
      : data_(data), metric_(data.main_metric), settings_(settings_of(data)) {}

  std::vector<std::string> write() {
    if (metric_.empty() || settings_.empty()) return {"Nothing has been measured yet."};
    if (settings_.size() <= kMostSettings) {
      for (const Setting& setting : settings_) tell_course(setting);
    }
    compare();
    tell_spikes();
    tell_gaps();
    tell_time();
    tell_what_is_missing();
    return std::move(sentences_);
  }

 private:
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  void tell_course(const Setting& setting) {
    const auto first = setting.values(metric_, Statistic::first);
    const auto last = setting.values(metric_, Statistic::last);
    if (first.empty() || last.empty()) {
      return say(fmt::format("{}: {} has no finite value at its beginning or end.", setting.name,
                             metric_));
    }
    Epoch end = 0;
    for (const ReportedRun* run : setting.runs) end = std::max(end, run->epochs.back().number);
    const std::string course = fmt::format(
        "{}{}: {} begins at {} and is {} at epoch {}; its lowest value is {}.", setting.name,
        setting.runs.size() > 1 ? fmt::format(" ({} seeds)", setting.runs.size()) : "", metric_,
        spread_text(first), spread_text(last), end,
        spread_text(setting.values(metric_, Statistic::best)));
    if (!setting.is_finished()) return say(course + " It is not finished.");
    say(fmt::format("{} It stays within a tenth of that way from its end from epoch {} on.", course,
                    spread_text(setting.values(metric_, Statistic::settled))));
  }

  void compare() {
    std::vector<const Setting*> ordered;
    for (const Setting& setting : settings_) {
      const bool has_end = !setting.values(metric_, Statistic::last).empty();
      if (has_end && setting.is_finished()) ordered.push_back(&setting);
    }
    if (ordered.size() < 2) return;
    const auto last = [&](const Setting* setting) {
      return mean_of(setting->values(metric_, Statistic::last));
    };
    std::sort(ordered.begin(), ordered.end(),
              [&](const Setting* a, const Setting* b) { return last(a) < last(b); });
    const Setting* lowest = ordered.front();
    const Setting* next = ordered[1];
    const Setting* highest = ordered.back();
    std::string text = fmt::format("The lowest final {} is that of {} ({})", metric_, lowest->name,
                                   format_number(last(lowest)));
    if (highest != next) {
      text +=
          fmt::format(", the highest that of {} ({})", highest->name, format_number(last(highest)));
    }
    const SeedValues low = lowest->by_seed(metric_, Statistic::last);
    const SeedValues other = next->by_seed(metric_, Statistic::last);
    text += fmt::format("; {} follows, {} higher", next->name,
                        format_number(last(next) - last(lowest)));
    if (low.size() < kFewestSeeds || other.size() < kFewestSeeds) {
      return say(text + fmt::format(". With fewer than {} seeds the records do not say whether "
                                    "that is chance.",
                                    kFewestSeeds));
    }
    const auto found = difference(low, other, {});
    if (!found) return say(text + ". They are too large to say whether that is chance.");
    say(text + fmt::format(" (95 % interval over {} and {} seeds{} {} to {}{}).", low.size(),
                           other.size(), found->is_paired ? ", paired," : "",
                           format_number(found->interval.low), format_number(found->interval.high),
                           found->interval.low <= 0 ? ", which includes no difference" : ""));
  }

  void tell_spikes() {
    std::vector<std::string> words;
    for (const Setting& setting : settings_) {
      for (const ReportedRun* run : setting.runs) {
        for (const Spike& spike : spikes_of(series_of(*run, metric_), kSpikeHeight)) {
          words.push_back(fmt::format("{} at epoch {} ({:.2f} times its neighbours)", run->label,
                                      spike.epoch, spike.factor));
        }
      }
    }
    if (words.empty()) {
      return say(
          fmt::format("No epoch of {} is above the one before and more than 10 % above the median "
                      "of the two before and the two after.",
                      metric_));
    }
    constexpr std::size_t kMostSpikes = 6;
    const std::size_t count = words.size();
    words.resize(std::min(count, kMostSpikes));
    say(
        fmt::format("{} spikes, above the epoch before and more than 10 % above the median of the "
                    "two before and the two after: {}{}.",
                    metric_, fmt::join(words, "; "),
                    count > kMostSpikes ? fmt::format("; and {} more", count - kMostSpikes) : ""));
  }

  void tell_gaps() {
    const std::string training = training_twin(metric_);
    std::vector<std::string> words;
    for (const Setting& setting : settings_) {
      const auto gaps = setting.gaps(metric_);
      if (gaps.empty()) continue;
      const double gap = mean_of(gaps);
      words.push_back(fmt::format("{} {} ({})", percent(std::abs(gap)), gap < 0 ? "below" : "above",
                                  setting.name));
    }
    if (words.empty() || words.size() > kMostSettings) return;
    say(fmt::format("At the end {} is, against {}, {}.", metric_, training,
                    fmt::join(words, ", ")));
  }

  void tell_time() {
    const auto by_time = [](const ReportedRun& a, const ReportedRun& b) {
      return a.run.trained < b.run.trained;
    };
    const auto [least, most] = std::minmax_element(data_.runs.begin(), data_.runs.end(), by_time);
    if (data_.runs.size() < 2) {
      return say(fmt::format("Training took {}.", format_duration(most->run.trained)));
    }
    say(fmt::format("Training took from {} ({}) to {} ({}).", format_duration(least->run.trained),
                    least->label, format_duration(most->run.trained), most->label));
  }

  void tell_what_is_missing() {
    std::vector<std::string> missing;
    const auto unfinished = std::count_if(data_.runs.begin(), data_.runs.end(), is_unfinished);
    if (unfinished > 0) {
      missing.push_back(
          fmt::format("how {} unfinished run{}", unfinished, unfinished == 1 ? " ends" : "s end"));
    }
    const bool has_single = std::any_of(settings_.begin(), settings_.end(),
                                        [](const Setting& s) { return s.runs.size() == 1; });
    if (has_single) missing.emplace_back("how much settings with one seed vary");
    const bool has_validation = metric_.starts_with("val.");
    if (!has_validation) missing.emplace_back("how it does on data that it was not trained on");
    if (missing.empty()) return;
    say(fmt::format("The records do not say {}.", fmt::join(missing, ", nor ")));
  }

  const ReportData& data_;
  std::string metric_;
  std::vector<Setting> settings_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> findings_of(const ReportData& data) {
  return Discussion(data).write();
}

}  // namespace epochal

// Groups comparable runs.

#include "reports/statistics/comparable_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "framework/base/human_format.h"
#include "reports/run_state.h"
#include "reports/statistics/moment.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

/// What runs must have in common.
struct SetKey {
  store::ComparableKind kind;
  std::string validation_set;

  auto operator<=>(const SetKey&) const = default;
};

/// The fingerprint of the samples that the metric was measured on; empty if it is not recorded.
std::string validation_set_of(const ReportedRun& run, const std::string& metric) {
  for (const auto& [epoch, samples] : run.validation) {
    if (samples.values.contains(metric)) return samples.set;
  }
  return {};
}

/// Whether the records of the metric are of several validation sets.
bool has_several_sets(const ReportData& data, const std::string& metric) {
  std::set<std::string> known;
  for (const ReportedRun& run : data.runs) {
    if (std::string set = validation_set_of(run, metric); !set.empty())
      known.insert(std::move(set));
  }
  return known.size() > 1;
}

std::string set_text(const SetKey& key, const store::KindDifferences& differences, bool has_sets) {
  std::string text = differences.words(key.kind);
  if (!has_sets) return text;
  constexpr std::size_t kShown = 6;
  return fmt::format("{}{}validation set {}", text, text.empty() ? "" : ", ",
                     key.validation_set.empty() ? "unknown" : key.validation_set.substr(0, kShown));
}

}  // namespace

ComparableRuns comparable_runs(const ReportData& data, const std::string& metric,
                               const Moment& moment) {
  ComparableRuns comparable;
  comparable.moment = moment;
  std::map<SetKey, std::size_t> keys;
  const bool has_sets = has_several_sets(data, metric);
  const auto set_of = [&](const ReportedRun& run, Epoch length) -> ComparableSet& {
    SetKey key{data.declarations.kind_of(run.run, metric),
               has_sets ? validation_set_of(run, metric) : ""};
    key.kind.epochs = moment.is_end() ? length : 0;
    const auto [known, is_new] = keys.try_emplace(std::move(key), comparable.sets.size());
    if (is_new) comparable.sets.emplace_back();
    return comparable.sets[known->second];
  };
  for (const ReportedRun& run : data.runs) {
    if (epoch_at(run, moment)) set_of(run, run.run.epochs_done).runs.push_back(&run);
  }
  for (const ReportedRun& run : data.runs) {
    if (epoch_at(run, moment)) continue;
    ++comparable.unfinished;
    set_of(run, run.run.epochs).unfinished.push_back(&run);
  }
  for (const auto& [key, index] : keys) {
    if (comparable.sets[index].runs.empty()) continue;
    comparable.add(key.kind);
    comparable.validation_sets.insert(key.validation_set);
  }
  for (const auto& [key, index] : keys) {
    comparable.sets[index].where = set_text(key, comparable, has_sets);
  }
  return comparable;
}

std::size_t shown_sets(const ComparableRuns& comparable) {
  constexpr std::size_t kMost = 6;
  return std::min(comparable.sets.size(), kMost);
}

std::string sets_left_out(const ComparableRuns& comparable) {
  const std::size_t more = comparable.sets.size() - shown_sets(comparable);
  if (more == 0) return {};
  return fmt::format(" {} more set{} of comparable runs {} not shown.", more, more == 1 ? "" : "s",
                     more == 1 ? "is" : "are");
}

std::string ComparableRuns::remarks(const std::string& metric) const {
  std::string text;
  if (experiments.size() > 1) {
    text += fmt::format(" Runs of different experiments are not compared: {}.",
                        fmt::join(experiments, ", "));
  }
  if (versions.size() > 1) {
    text += fmt::format(" Runs of different versions of the experiment are not compared: {}.",
                        fmt::join(versions, ", "));
  }
  if (const std::set<std::string> names = parameters(); !names.empty()) {
    text +=
        fmt::format(" {0} {1} what {2} means: {2} is compared only among runs of the same {0}.",
                    fmt::join(names, " and "), names.size() == 1 ? "changes" : "change", metric);
  }
  if (lengths.size() > 1) {
    text += fmt::format(" Runs of {} epochs are not compared with each other.",
                        fmt::join(lengths, " and "));
  }
  if (validation_sets.size() > 1) {
    text += " Runs with different validation sets are not compared.";
  }
  if (unfinished > 0) {
    text += fmt::format(
        " {} {}run{} left out{}.", unfinished, moment.is_end() ? "unfinished " : "",
        unfinished == 1 ? " is" : "s are",
        moment.is_end() ? "" : ", which do not come so far or have no epoch that ends by then");
  }
  return text;
}

std::vector<std::size_t> averaged_runs(const std::vector<store::RunRecord>& runs,
                                       const std::vector<std::size_t>& group) {
  std::map<Epoch, std::vector<std::size_t>> by_length;
  for (const std::size_t index : group) {
    if (!is_unfinished(runs[index])) by_length[runs[index].epochs_done].push_back(index);
  }
  std::vector<std::size_t> most;
  for (auto& [length, members] : by_length) {
    if (members.size() >= most.size()) most = std::move(members);
  }
  return most;
}

std::string average_text(const std::vector<double>& values, std::size_t seeds, Epoch length) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double value) { return std::isfinite(value); });
  const auto spread = spread_of(finite);
  if (!spread && !values.empty()) return seeds > 1 ? "not finite" : format_number(values.front());
  if (!spread) return seeds > 1 ? "…" : "";
  if (finite.size() == seeds) return format_spread(*spread);
  return fmt::format("{} ({} of {}, epoch {})", format_spread(*spread), finite.size(), seeds,
                     length);
}

std::optional<Better> better_of(const ReportData& data, const std::string& metric) {
  std::optional<Better> common;
  for (const ReportedRun& run : data.runs) {
    if (series_of(run, metric).empty()) continue;
    // Imported runs declare nothing and do not affect runs that do.
    const MetricSpec* spec = data.declarations.metric(run.run, metric);
    if (spec == nullptr) continue;
    if (!spec->better) return std::nullopt;
    if (common && *common != *spec->better) return std::nullopt;
    common = spec->better;
  }
  return common;
}

bool is_better(double value, double than, Better better) {
  return better == Better::lower ? value < than : value > than;
}

}  // namespace epochal::report

// Groups comparable runs.

#include "reports/statistics/comparable_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/run_state.h"
#include "reports/statistics/series.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
ComparableRuns comparable_runs(const ReportData& data, const std::string& metric) {
  ComparableRuns comparable;
  std::map<store::ComparableKind, std::size_t> kinds;
  const auto set_of = [&](const store::ComparableKind& kind) -> ComparableSet& {
    const auto [known, is_new] = kinds.try_emplace(kind, comparable.sets.size());
    if (is_new) comparable.sets.emplace_back();
    return comparable.sets[known->second];
  };
  for (const ReportedRun& run : data.runs) {
    if (is_unfinished(run)) continue;
    set_of(data.declarations.kind_of(run.run, metric)).runs.push_back(&run);
  }
  for (const ReportedRun& run : data.runs) {
    if (!is_unfinished(run)) continue;
    ++comparable.unfinished;
    store::ComparableKind kind = data.declarations.kind_of(run.run, metric);
    kind.epochs = run.run.epochs;  // wanted epochs
    set_of(kind).unfinished.push_back(&run);
  }
  store::KindDifferences differences;
  for (const auto& [kind, index] : kinds) {
    if (!comparable.sets[index].runs.empty()) differences.add(kind);
  }
  for (const auto& [kind, index] : kinds) comparable.sets[index].where = differences.words(kind);
  comparable.parameters = differences.parameters();
  comparable.lengths = differences.lengths;
  comparable.experiments = differences.experiments;
  comparable.versions = differences.versions;
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
  if (!parameters.empty()) {
    text += fmt::format(" {0} {1} what {2} means: {2} is compared only among runs of the same {0}.",
                        fmt::join(parameters, " and "),
                        parameters.size() == 1 ? "changes" : "change", metric);
  }
  if (lengths.size() > 1) {
    text += fmt::format(" Runs of {} epochs are not compared with each other.",
                        fmt::join(lengths, " and "));
  }
  if (unfinished > 0) {
    text += fmt::format(" {} unfinished run{} left out.", unfinished,
                        unfinished == 1 ? " is" : "s are");
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
  const auto spread = spread_of(values);
  if (!spread) return seeds > 1 ? "…" : "";
  if (values.size() == seeds) return format_spread(*spread);
  return fmt::format("{} ({} of {}, epoch {})", format_spread(*spread), values.size(), seeds,
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

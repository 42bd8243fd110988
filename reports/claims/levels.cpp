// Runs by the value of the compared parameter.

#include "reports/claims/levels.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/printable.h"
#include "reports/claims/claim_part.h"
#include "reports/statistics/run_conditions.h"
#include "reports/statistics/settings.h"
#include "reports/statistics/settling.h"

namespace epochal::report {
namespace {

/// The level of a run; null if the claim is not about the run.
Level* level_of(const ClaimScope& scope, const ReportedRun& run, std::vector<Level>& levels) {
  const ParameterValue* value = run.run.parameters.find(scope.over);
  if (value == nullptr || !scope.is_wanted(run)) return nullptr;
  auto level = std::find_if(levels.begin(), levels.end(),
                            [&](const Level& known) { return is_same(known.key, *value); });
  if (level == levels.end()) {
    levels.push_back({});
    level = std::prev(levels.end());
    level->key = *value;
    level->label = to_text(*value);
    level->value = number_of(run, scope.over).value_or(0);
  }
  return &*level;
}

void add_run(const ClaimScope& scope, const ReportedRun& run, Level& level) {
  level.settings.insert(run.run.group_identity);
  const auto statistic = scope.statistic(run);
  if (!statistic) {
    ++(scope.lacks_moment(run) ? level.without_moment : level.without_number);
    return;
  }
  level.statistics[run.run.seed] = *statistic;
  level.runs.push_back(&run);
  if (const std::string conditions = conditions_of(run); !conditions.empty()) {
    level.conditions.insert(conditions);
  }
  const auto last = epoch_at(run, scope.moment);
  const auto steps = last ? store::steps_of(run.epochs, *last) : std::nullopt;
  if (steps) level.steps.insert(*steps);
  if (std::vector<double> samples = scope.samples(run); !samples.empty()) {
    level.samples[run.run.seed] = std::move(samples);
  }
}

}  // namespace

double Level::mean() const {
  std::vector<double> values;
  for (const auto& [seed, number] : statistics) values.push_back(number);
  return spread_of(values)->mean;
}

std::vector<Level> levels_of(const ClaimScope& scope, const ComparableSet& set) {
  std::vector<Level> levels;
  for (const ReportedRun* run : set.runs) {
    if (Level* level = level_of(scope, *run, levels)) add_run(scope, *run, *level);
  }
  for (const ReportedRun* run : set.unfinished) {
    if (Level* level = level_of(scope, *run, levels)) ++level->unfinished;
  }
  for (Level& level : levels) {
    if (level.samples.size() != level.statistics.size()) level.samples.clear();
  }
  std::ranges::stable_sort(levels, {}, &Level::value);
  return levels;
}

std::size_t seeds_wanted(const ClaimScope& scope) {
  return std::max(static_cast<std::size_t>(std::max(scope.claim.seeds, 0)), kFewestSeeds);
}

std::string shortcoming_of(const ClaimScope& scope, const Level& level) {
  const std::string at = fmt::format("{} {}", scope.over, printable(level.label, 40));
  if (level.settings.size() > 1) {
    return fmt::format("runs with {} differ in more than their seed; narrow the claim with only",
                       at);
  }
  if (level.without_moment > 0) {
    return fmt::format("{} of the runs with {} have no {}{}", level.without_moment, at,
                       scope.metric, scope.moment.text());
  }
  if (level.without_number > 0) {
    const bool is_settled = scope.claim.statistic == Claim::Statistic::settled;
    return fmt::format("{} of the {}runs with {} have {}", level.without_number,
                       scope.moment.is_end() ? "finished " : "", at,
                       is_settled
                           ? fmt::format("fewer than {} epochs, or values that are not finite",
                                         kFewestEpochsForSettling)
                           : "no finite value");
  }
  if (level.statistics.empty()) {
    return fmt::format("no run with {} {}", at,
                       scope.moment.is_end() ? "is finished" : scope.moment.condition_text());
  }
  const std::size_t wanted = seeds_wanted(scope);
  if (level.statistics.size() >= wanted) return {};
  return fmt::format("too few seeds to judge: {} at {}, {} are needed",
                     seed_count_text(level.statistics.size()), at, wanted);
}

}  // namespace epochal::report

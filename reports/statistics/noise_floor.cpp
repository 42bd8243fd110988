// The spread between runs that differ only in what should not matter.

#include "reports/statistics/noise_floor.h"

#include <fmt/format.h>

#include <cmath>

#include "framework/base/human_format.h"
#include "reports/run_state.h"
#include "reports/statistics/run_conditions.h"
#include "reports/statistics/settings.h"

namespace epochal::report {
namespace {

constexpr std::size_t kMostConditions = 4;

std::optional<PooledSpread> pooled(const std::map<std::string, std::vector<double>>& groups) {
  PooledSpread spread;
  double squares = 0;
  std::size_t degrees = 0;
  for (const auto& [name, values] : groups) {
    if (values.size() < 2) continue;
    const std::size_t own = values.size() - 1;
    squares += static_cast<double>(own) * std::pow(spread_of(values)->deviation, 2);
    degrees += own;
    spread.runs += values.size();
    ++spread.settings;
  }
  if (degrees == 0) return std::nullopt;
  spread.deviation = std::sqrt(squares / static_cast<double>(degrees));
  return spread;
}

std::string floor_group_of(const ReportedRun& run) {
  return fmt::format("{} {}", run.run.group_identity, run.run.epochs_done);
}

std::string deviation_text(const PooledSpread& spread) {
  return fmt::format("± {:.2g} over seeds ({}, {} setting{})", spread.deviation,
                     runs_text(spread.runs), spread.settings, spread.settings == 1 ? "" : "s");
}

}  // namespace

std::string NoiseFloor::text() const {
  std::vector<std::string> words;
  for (const auto& [condition, runs] : conditions) {
    if (words.size() == kMostConditions) {
      words.push_back(fmt::format("{} more", conditions.size() - kMostConditions));
      break;
    }
    words.push_back(fmt::format("{} ({})", condition, runs_text(runs)));
  }
  if (conditions.size() > 1) {
    const std::string of_seeds = seeds ? deviation_text(*seeds) + " under the same conditions"
                                       : "not known over seeds alone";
    const std::string of_all =
        mixed ? fmt::format("; ± {:.2g} over seeds and conditions together", mixed->deviation) : "";
    return fmt::format("{}{}; the conditions differ, which changes bits as a seed does: {}",
                       of_seeds, of_all, fmt::join(words, "; "));
  }
  if (!seeds) return "not known: no setting has several seeds";
  if (conditions.empty()) return deviation_text(*seeds);
  return fmt::format("{}, all with {}", deviation_text(*seeds), conditions.begin()->first);
}

NoiseFloor noise_floor_of(const std::vector<MeasuredRun>& runs) {
  std::map<std::string, std::vector<double>> by_condition;
  std::map<std::string, std::vector<double>> by_setting;
  std::map<std::string, std::map<std::string, std::size_t>> conditions_of_setting;
  NoiseFloor floor;
  for (const auto& [run, value] : runs) {
    if (!std::isfinite(value)) continue;
    const std::string group = floor_group_of(*run);
    const std::string conditions = conditions_of(*run);
    by_setting[group].push_back(value);
    by_condition[fmt::format("{}\n{}", group, conditions)].push_back(value);
    ++conditions_of_setting[group][conditions];
    if (!conditions.empty()) ++floor.conditions[conditions];
  }
  std::erase_if(by_setting, [&](const auto& setting) {
    return conditions_of_setting[setting.first].size() < 2;
  });
  floor.seeds = pooled(by_condition);
  floor.mixed = pooled(by_setting);
  return floor;
}

NoiseFloor noise_floor_of(const ReportData& data) {
  std::vector<MeasuredRun> runs;
  for (const ReportedRun& run : data.runs) {
    if (is_unfinished(run)) continue;
    if (const auto value = last_value(run, data.main_metric)) runs.push_back({&run, *value});
  }
  return noise_floor_of(runs);
}

}  // namespace epochal::report

// The time left, from the time of earlier epochs: it counts down and needs no finished epoch.

#include "framework/app/time_left.h"

#include <algorithm>

namespace epochal::app {

EpochTimes::EpochTimes(const store::Query& query) : query_(query) {
  look_at(query.bare_runs_by_id(query.select({})));
}

void EpochTimes::look_at(const std::vector<store::RunRecord>& runs) {
  for (const store::RunRecord& run : runs) {
    if (run.epochs_done == 0) continue;
    by_setting_[run.group_identity][run.id] = {run.trained, run.epochs_done};
  }
}

std::optional<Seconds> EpochTimes::of(const store::RunRecord& run) const {
  if (run.epochs_done > 0) return run.trained / run.epochs_done;
  if (const auto setting = by_setting_.find(run.group_identity); setting != by_setting_.end()) {
    Spent all;
    for (const auto& [id, spent] : setting->second) {
      all.time += spent.time;
      all.epochs += spent.epochs;
    }
    return all.time / all.epochs;
  }
  const auto [foreseen, is_new] = foreseen_.try_emplace(run.identity);
  if (is_new) {
    const std::optional<store::ForecastRecord> forecast = query_.forecast(run.identity);
    if (forecast && forecast->epochs > 0) foreseen->second = forecast->seconds / forecast->epochs;
  }
  return foreseen->second;
}

Seconds time_left(Epoch not_done, Seconds epoch, Seconds in_epoch) {
  if (not_done <= 0) return Seconds{0};
  return epoch * (not_done - 1) + std::max(Seconds{0}, epoch - in_epoch);
}

}  // namespace epochal::app

// Runs without checkpoints that need more epochs.

#include "framework/app/lengthened_runs.h"

#include <fmt/format.h>

#include "framework/base/error.h"
#include "framework/base/human_format.h"
#include "framework/runner/known_experiment.h"

namespace epochal::app {
namespace {

/// Whether the run's program ended it by itself, so that it stays finished.
bool has_own_end(const store::Query& query, const store::RunRecord& run) {
  const auto choices = query.choices(run.id);
  const auto own_end = choices.find(store::kOwnEnd);
  return own_end != choices.end() && own_end->second == std::to_string(run.epochs_done);
}

}  // namespace

LengthenedRuns lengthened_runs(const store::Query& query,
                               const std::vector<store::RunRecord>& wanted, bool stopped_go_on) {
  LengthenedRuns lengthened;
  for (const store::RunRecord& run : wanted) {
    if (!is_command(run.experiment)) return lengthened;
    const std::optional<store::RunRecord> record = query.run_by_identity(run.identity);
    if (!record || record->epochs_done == 0 || record->epochs_done >= run.epochs) continue;
    const bool is_longer = record->epochs < run.epochs;
    // A run in progress ends after the epochs that it was started for, and then starts again.
    const bool is_in_progress = record->status == store::RunStatus::running && is_longer;
    const bool goes_on = is_in_progress || record->status == store::RunStatus::finished ||
                         (record->status == store::RunStatus::stopped &&
                          (is_longer || (stopped_go_on && !has_own_end(query, *record))));
    if (!goes_on || !keeps_no_state(query, record->id)) continue;
    lengthened.done[run.identity] = record->epochs_done;
  }
  return lengthened;
}

void LengthenedRuns::refuse(const std::vector<store::RunRecord>& wanted) const {
  if (done.empty()) return;
  const bool is_one = done.size() == 1;
  throw Error(
      fmt::format(
          "{} {} {} epochs and {} no state: for {} epochs {} would start again and lose them",
          runs_text(done.size()), is_one ? "has" : "have", done.begin()->second,
          is_one ? "keeps" : "keep", wanted.front().epochs, is_one ? "it" : "they"),
      {},
      fmt::format("--restart-longer starts {} again; epochs={} leaves {} as {}",
                  is_one ? "it" : "them", done.begin()->second, is_one ? "it" : "them",
                  is_one ? "it is" : "they are"));
}

}  // namespace epochal::app

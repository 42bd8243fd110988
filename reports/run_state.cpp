// The progress of a run in words.

#include "reports/run_state.h"

#include <fmt/format.h>

#include "framework/base/human_format.h"

namespace epochal::report {

bool is_unfinished(const store::RunRecord& run) {
  return run.status != store::RunStatus::finished || run.epochs_done < run.epochs;
}

bool is_unfinished(const ReportedRun& run) {
  return is_unfinished(run.run);
}

std::string state_of(const ReportedRun& run) {
  const bool is_new = run.run.status == store::RunStatus::queued && run.epochs.empty();
  if (is_new) return fmt::format("not started, 0 of {} epochs", run.run.epochs);
  if (!is_unfinished(run)) return "finished, " + format_epochs(run.run.epochs_done, run.run.epochs);
  const std::string_view word =
      run.run.status == store::RunStatus::queued ? "unfinished" : name_of(run.run.status);
  return fmt::format("{}, {}", word, format_epochs(run.run.epochs_done, run.run.epochs));
}

}  // namespace epochal::report

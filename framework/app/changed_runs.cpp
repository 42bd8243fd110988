// Runs that were made before their experiment's code changed.

#include "framework/app/changed_runs.h"

#include <fmt/format.h>

#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/command/declaration.h"

namespace epochal::app {
namespace {

/// Whether `epochal run` continues a run that has epochs already.
bool goes_on(const store::RunRecord& run, Epoch epochs, const WantedRuns& wanted) {
  switch (run.status) {
    case store::RunStatus::queued:
    case store::RunStatus::interrupted:
      return true;
    case store::RunStatus::finished:
      return run.epochs_done < epochs;
    case store::RunStatus::stopped:
      return wanted.stopped_go_on || run.epochs < epochs;
    case store::RunStatus::failed:
      return wanted.failed_go_on;
    case store::RunStatus::running:
      return false;
  }
  return false;
}

}  // namespace

void add_changed_runs(Options& options) {
  options.flag("restart-changed", "start runs again that another build of the experiment made")
      .flag("allow-changed", "accept such runs: resume unfinished ones, keep finished ones");
}

ChangedRuns changed_runs(const store::Query& query, const WantedRuns& wanted) {
  std::vector<std::pair<store::RunRecord, Epoch>> known;
  std::vector<store::RunId> ids;
  for (const store::RunRecord& run : wanted.runs) {
    if (run.experiment != wanted.experiment) continue;
    std::optional<store::RunRecord> record = query.run_by_identity(run.identity);
    if (!record || record->epochs_done == 0 || record->status == store::RunStatus::running)
      continue;
    if (record->status == store::RunStatus::failed && wanted.failed_begin_again) continue;
    ids.push_back(record->id);
    known.emplace_back(std::move(*record), run.epochs);
  }
  const std::map<store::RunId, std::string> builds = query.builds(ids);
  ChangedRuns changed;
  for (const auto& [run, epochs] : known) {
    const auto made_by = builds.find(run.id);
    if (made_by == builds.end() || made_by->second == wanted.build) continue;
    if (goes_on(run, epochs, wanted)) {
      changed.begun[run.identity] = run.epochs;
    } else {
      changed.done.insert(run.identity);
    }
  }
  return changed;
}

std::string build_word(const std::string& experiment) {
  return is_command(experiment) ? "[command]" : "build";
}

void say_changed(const ChangedRuns& changed, const std::string& experiment) {
  const std::string by = is_command(experiment)
                             ? "before the [command] of the sweep file changed"
                             : fmt::format("by another build of '{}'", experiment);
  if (!changed.done.empty()) {
    print_message(
        "{0} finished, but made {1}: --restart-changed starts {2} again, --allow-changed accepts "
        "{2}\n",
        runs_text(changed.done.size()), by, changed.done.size() == 1 ? "it" : "them");
  }
  if (!changed.begun.empty()) {
    print_message(
        "{} started {}, and not continued: --restart-changed starts {} again, --allow-changed "
        "resumes\n",
        runs_text(changed.begun.size()), by, changed.begun.size() == 1 ? "it" : "them");
  }
}

}  // namespace epochal::app

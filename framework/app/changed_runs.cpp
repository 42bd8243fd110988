// What becomes of runs after their experiment's code has changed.

#include "framework/app/changed_runs.h"

#include <algorithm>

#include "db/query.h"
#include "framework/plugin/message.h"
#include "reports/human_format.h"

namespace epochal {

void add_changed_runs(Options& options) {
  options
      .flag("restart-changed",
            "begin runs again that another build of the experiment made or has begun")
      .flag("allow-changed", "go on with such runs, and count finished ones as done");
}

std::vector<RunId> settle_changed_runs(const Options& options, Store& store,
                                       const std::vector<RunId>& runs,
                                       const std::string& experiment, const std::string& build) {
  const Query query(store.folder());
  const std::map<RunId, std::string> builds = query.builds(runs);
  std::vector<RunId> done;
  std::vector<RunId> begun;
  for (const RunRecord& run : query.bare_runs_by_id(runs)) {
    const auto made_by = builds.find(run.id);
    if (made_by == builds.end() || made_by->second == build) continue;
    const bool goes_on = run.status == RunStatus::queued || run.status == RunStatus::interrupted;
    if (goes_on) begun.push_back(run.id);
    if (run.status == RunStatus::finished) done.push_back(run.id);
  }
  if (options.has("allow-changed")) return {};
  if (options.has("restart-changed")) {
    done.insert(done.end(), begun.begin(), begun.end());
    store.restart(done);
    return {};
  }
  if (!done.empty()) {
    print_message(
        "{} finished before, made by another build of '{}' than the one here: --restart-changed "
        "makes {} again, --allow-changed says that the change does not matter\n",
        runs_text(done.size()), experiment, done.size() == 1 ? "it" : "them");
  }
  if (!begun.empty()) {
    print_message(
        "{} begun by another build of '{}' than the one here, and left alone: --restart-changed "
        "begins {} again, --allow-changed goes on\n",
        runs_text(begun.size()), experiment, begun.size() == 1 ? "it" : "them");
  }
  return begun;
}

}  // namespace epochal

// `epochal slurm-task`: one task of a job array, which does the runs of its shard. Not for users.

#include <fmt/format.h>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/options.h"
#include "framework/base/message.h"
#include "framework/executor/dispatch.h"
#include "framework/executor/local_executor.h"
#include "framework/executor/slurm.h"
#include "framework/system/memory.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

/// Prints a line for each run into Slurm's log of the task.
class TaskLog : public DispatchObserver {
 public:
  void started(const store::RunRecord& run) override {
    print_message("run {} started\n", run.short_identity());
  }
  void ended(const store::RunRecord& run) override {
    print_message("run {} {}, {} of {} epochs\n", run.short_identity(), name_of(run.status),
                  run.epochs_done, run.epochs);
  }
  // Only this task uses the shard.
  void elsewhere(const store::RunRecord&, const store::AttemptRecord&) override {}
  void removed(store::RunId) override {}
  void waiting(const std::vector<store::RunId>&) override {}
};

std::vector<store::RunId> unfinished_runs(const store::Query& query) {
  std::vector<store::RunId> unfinished;
  for (const store::RunRecord& run : query.runs()) {
    if (store::may_become(run.status, store::RunStatus::running)) unfinished.push_back(run.id);
  }
  return unfinished;
}

}  // namespace

int command_slurm_task(const Arguments& arguments) {
  Options options("slurm-task", "Does the runs of a shard. Started by Slurm.");
  options.store()
      .value("work", "OPTIONS", "how to work on runs, as `epochal run` writes it")
      .value("requeues", "N", "how often it may be requeued when its time is up");
  if (!options.parse(arguments)) return kAllGood;

  stop_signal::install();
  const std::filesystem::path folder = options.store_folder();
  store::Store store(folder);
  // Only this task uses the shard: Slurm has ended any earlier worker, on whatever node.
  store::release_all_runs(store, "the task began again");
  WorkOptions work = work_options(options.text("work", ""));
  work.memory = available_memory().value_or(0);
  // The sweep has another number in the shard.
  if (work.stopping) work.stopping->sweep = store::Query(folder).whole_sweeps().at(0).sweep.id;
  const auto executor = make_local_executor(store, {1, {}, work});
  TaskLog log;
  ListedRuns runs(unfinished_runs(store::Query(folder)));
  dispatch(*executor, store, runs, stop_signal::count, {}, log);
  if (unfinished_runs(store::Query(folder)).empty()) return kAllGood;

  if (stop_signal::is_time_up() && times_requeued() < options.integer("requeues", 10, 0, 1000)) {
    print_message("the time is up: requeueing the task\n");
    requeue_this_task();
  }
  return kWorkLeft;
}

}  // namespace epochal::app

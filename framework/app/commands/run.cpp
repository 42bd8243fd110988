// `epochal run`: brings the store up to what a sweep file asks for.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "db/maintenance/lost_runs.h"
#include "db/query.h"
#include "db/scratch_folder.h"
#include "framework/app/changed_runs.h"
#include "framework/app/commands/command.h"
#include "framework/app/dry_run.h"
#include "framework/app/finish_hooks.h"
#include "framework/app/network_warning.h"
#include "framework/app/options.h"
#include "framework/app/progress_display.h"
#include "framework/app/recorded_runs.h"
#include "framework/app/run_result.h"
#include "framework/app/search_sweep.h"
#include "framework/app/slurm_sweep.h"
#include "framework/app/sweep_arguments.h"
#include "framework/base/duration.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/executor/dispatch.h"
#include "framework/executor/inline_executor.h"
#include "framework/executor/local_executor.h"
#include "framework/runner/known_experiment.h"
#include "framework/runner/provenance.h"
#include "framework/system/host.h"
#include "framework/system/memory.h"
#include "framework/system/stop_signal.h"
#include "framework/system/whole_path.h"

namespace epochal::app {
namespace {

/// auto: a worker a core, since one thread each wastes nothing on waiting for the others; with
/// GPUs, a worker a GPU.
int jobs_of(const Options& options, std::size_t runs) {
  constexpr int kMost = 1024;
  if (options.text("jobs") != "auto") return options.integer("jobs", 1, 1, kMost);
  const std::size_t gpus = visible_gpus().size();
  const int at_once = gpus > 0 ? static_cast<int>(gpus) : usable_cores();
  return std::clamp(static_cast<int>(std::min<std::size_t>(runs, kMost)), 1, at_once);
}

/// Before anything is recorded.
void check_executor(const Options& options) {
  jobs_of(options, 1);
  const std::string kind = options.text("executor", "local");
  const std::vector<std::string> known{"local", "slurm", "inline"};
  if (std::find(known.begin(), known.end(), kind) == known.end()) {
    throw Error(fmt::format("unknown executor '{}'", kind.substr(0, 80)), {},
                name_hint(kind, known));
  }
  const auto refuse = [&](const char* option, const char* hint) {
    if (!options.has(option)) return;
    throw Error(fmt::format("--{} cannot be used with --executor {}", option, kind), {}, hint);
  };
  if (kind == "slurm") {
    refuse("jobs", "set tasks and array_limit in [slurm] instead");
    refuse("budget", "set time in [slurm] instead");
    refuse("retry", "run the same command with --retry-failed when the job is over");
    refuse("fail-fast", "leave it out");
  } else {
    refuse("detach", "only a Slurm job continues without this command");
  }
  if (kind == "inline") refuse("jobs", "inline does one run at a time");
}

std::unique_ptr<Executor> make_executor(const Options& options, store::Store& store,
                                        PluginRegistry& registry, WorkOptions work,
                                        std::size_t runs) {
  const std::string kind = options.text("executor", "local");
  // A worker without a run would only keep its cores and memory from the others.
  const int asked = kind == "inline" ? 1 : jobs_of(options, runs);
  const int jobs = std::max(1, static_cast<int>(std::min(runs, static_cast<std::size_t>(asked))));
  work.threads = std::max(1, usable_cores() / jobs);
  work.memory = available_memory().value_or(0) / jobs;
  if (kind == "inline") {
    work.stop_requested = [] { return stop_signal::count() > 0; };
    return make_inline_executor(store, registry, work);
  }
  return make_local_executor(store, {jobs, visible_gpus(), work});
}

/// Takes a run from whatever process has it, on the word of a person who knows better.
void take_over(store::Store& store, const std::string& name) {
  const store::Query query(store.folder());
  const store::RunRecord run = query.run_named(name);
  if (const auto attempt = store::open_attempt(query, run.id)) {
    store::release(store, *attempt, "taken over by hand");
  }
}

/// `asked`: the number of epochs that this command wants of each run.
SweepResult result_of(const std::filesystem::path& store, const std::vector<store::RunId>& ids,
                      const std::map<store::RunId, Epoch>& asked) {
  SweepResult result;
  const std::vector<store::RunRecord> runs = store::Query(store).runs_by_id(ids);
  result.removed = ids.size() - runs.size();
  for (const store::RunRecord& record : runs) {
    const store::RunRecord run = as_asked(record, asked.at(record.id));
    if (run.trashed_at) {
      ++result.removed;
    } else if (run.status == store::RunStatus::finished) {
      ++result.finished;
    } else if (run.status == store::RunStatus::stopped) {
      ++result.stopped;
    } else if (run.status == store::RunStatus::failed) {
      ++result.failed;
    } else {
      ++result.left;
    }
  }
  return result;
}

/// How long the runs trained, in updates of the weights: an epoch of a small data set is few.
void print_steps(const std::filesystem::path& store, const std::vector<store::RunId>& ids,
                 std::int64_t published) {
  const store::Query query(store);
  std::vector<std::string> made;
  std::vector<std::int64_t> all;
  for (const store::RunRecord& run : query.runs_by_id(ids)) {
    const std::optional<std::int64_t> steps = store::steps_of(query.bare_epochs(run.id));
    if (!steps) continue;
    made.push_back(fmt::format("{} {}", run.short_identity(), format_count(*steps)));
    all.push_back(*steps);
  }
  if (made.empty()) return;
  constexpr std::size_t kMostNamed = 12;
  const auto [least, most] = std::minmax_element(all.begin(), all.end());
  print_message("steps: {}{}\n",
                made.size() <= kMostNamed
                    ? fmt::format("{}", fmt::join(made, ", "))
                    : fmt::format("{} to {} a run", format_count(*least), format_count(*most)),
                *most < published ? "; published models take " + format_count(published) : "");
}

/// `left_alone`: how many of those that are left would be left again.
int conclude(const SweepResult& result, std::size_t had_failed_before, std::size_t left_alone) {
  const std::string stopped =
      result.stopped == 0 ? "" : fmt::format("{} stopped early, ", result.stopped);
  const std::string removed =
      result.removed == 0 ? "" : fmt::format(", {} removed", result.removed);
  print_message("{} finished, {}{} failed, {} left{}\n", result.finished, stopped, result.failed,
                result.left, removed);
  if (had_failed_before > 0) {
    print_message(
        "{} failed earlier and {} not retried: see `epochal ls`, then use "
        "--retry-failed\n",
        had_failed_before, had_failed_before == 1 ? "was" : "were");
  }
  if (result.left > left_alone) {
    print_message("run the same command again to do the rest\n");
  }
  if (result.left > 0) return kWorkLeft;
  return result.failed > 0 ? kSomeRunsFailed : kAllGood;
}

/// What a sweep with a search cannot do, before anything is recorded.
void check_search_options(const Options& options, const Sweep& sweep) {
  if (!sweep.search || !options.has("shard")) return;
  throw Error("--shard cannot be used with [sweep.search]: each point depends on the others", {},
              "use --jobs, or --executor slurm");
}

std::int64_t published_steps(const SweepExperiments& experiments) {
  std::int64_t most = 0;
  for (const ExperimentInfo* experiment : experiments) {
    most = std::max(most, experiment->published_steps);
  }
  return most;
}

/// What the workers read: where the sources come from, and the program.
void write_work_files(const SweepArguments& sweep, const std::filesystem::path& scratch,
                      WorkOptions& work) {
  work.provenance = ProvenanceFile::write(scratch, sweep.file.parent_path());
  if (sweep.sweep.command) work.command = write_command(scratch, to_json(*sweep.sweep.command));
  if (!std::filesystem::exists(ProvenanceFile::cut_diff_of(work.provenance))) return;
  print_message(
      "the uncommitted changes to the sources are larger than 64 MiB: only their beginning is "
      "kept; commit large files\n");
}

/// Does the runs in worker processes, or in this one.
void do_locally(const Options& options, store::Store& store, PluginRegistry& registry,
                const WorkOptions& work, const RecordedRuns& runs, Backlog backlog,
                SweepSearch* search) {
  const store::Query query(store.folder());
  const std::size_t to_do = backlog.waiting.size();
  std::vector<store::RunId> elsewhere = runs.left_alone;
  for (const store::ClusterJob& job : query.open_cluster_jobs()) {
    std::erase_if(backlog.waiting, [&](store::RunId run) { return job.tasks.contains(run); });
    for (const auto& [run, task] : job.tasks) elsewhere.push_back(run);
  }
  if (backlog.waiting.size() < to_do) {
    print_message("Slurm has {} of them; `epochal merge` collects their results\n",
                  to_do - backlog.waiting.size());
  }
  const auto executor = make_executor(options, store, registry, work, backlog.size());
  ProgressDisplay display(store.folder(), backlog.waiting, backlog.size());
  const DispatchLimits limits{work.deadline, options.integer("retry", 0, 0, 1000),
                              options.has("fail-fast")};
  if (search != nullptr) {
    SearchedRuns source(*search, query, elsewhere);
    dispatch(*executor, store, source, stop_signal::count, limits, display);
  } else {
    ListedRuns source(backlog.waiting);
    dispatch(*executor, store, source, stop_signal::count, limits, display);
  }
}

void do_with_slurm(const Options& options, store::Store& store, const Sweep& sweep,
                   std::int64_t sweep_id, const WorkOptions& work, const RecordedRuns& runs,
                   SweepSearch* search) {
  const bool detaches = options.has("detach");
  if (search == nullptr) {
    run_on_slurm(store, sweep, sweep_id, without(runs.ids, runs.left_alone), work, detaches);
    return;
  }
  const store::Query query(store.folder());
  SearchedRuns source(*search, query, runs.left_alone);
  search_on_slurm(store, sweep, sweep_id, source, work, detaches);
}

/// What came of the runs, those of new trials included, and of those that were left alone.
SweepResult final_result(const store::Query& query, RecordedRuns runs, const SweepSearch* search) {
  if (search != nullptr) {
    runs.ids = runs_so_far(*search);
    for (const store::RunRecord& run : query.bare_runs_by_id(runs.ids)) {
      runs.asked.try_emplace(run.id, run.epochs);
    }
  }
  SweepResult result = result_of(query.folder(), without(runs.ids, runs.left_alone), runs.asked);
  result.left += runs.left_alone.size();
  if (search != nullptr) result.left += trials_left(*search);
  return result;
}

/// `end` is what the hooks are told.
int do_runs(const Options& options, SweepEnd& end) {
  const Deadline started = Deadline::clock::now();
  options.refuse_together({"resume-unfinished", "retry-failed", "restart-failed"});
  options.refuse_together({"keep-going", "fail-fast"});
  options.refuse_together({"restart-changed", "allow-changed"});
  // Nothing is over when a detached command returns.
  options.refuse_together({"detach", "on-finish"});
  options.refuse_together({"detach", "on-failure"});
  check_executor(options);
  const SweepArguments sweep = read_sweep_arguments(options.positional(), options.usage());
  PluginRegistry registry = PluginRegistry::from_environment();
  const SweepExperiments experiments = experiments_of(sweep.sweep, registry);
  refuse_without_program(sweep.sweep);
  check_search_options(options, sweep.sweep);
  const std::vector<RunSpec> specs = runs_of(sweep.sweep, experiments);
  const std::filesystem::path folder = options.store_folder();
  if (options.has("dry-run")) {
    print_dry_run(sweep, experiments, specs, registry, folder);
    return kAllGood;
  }

  stop_signal::install();
  warn_of_network(folder);
  store::Store store(folder);
  WorkOptions work;
  work.keep_checkpoints = sweep.sweep.keep_checkpoints;
  if (options.has("budget")) {
    work.deadline = started + std::chrono::duration_cast<Deadline::duration>(
                                  parse_duration(options.text("budget"), "budget"));
  }
  store::release_lost_runs(store);
  if (options.has("take-over")) take_over(store, options.text("take-over"));
  for (const ExperimentInfo* experiment : experiments) store.declare(declaration_of(*experiment));
  const std::unique_ptr<SweepSearch> search =
      sweep.sweep.search ? recorded_search(store, sweep, experiments) : nullptr;
  const RecordedRuns runs =
      record_runs(options, store, {sweep, experiments, specs, search.get()}, registry);
  const store::Query query(folder);
  const store::SweepRecord record = record_of(sweep);
  const std::int64_t sweep_id = query.sweep(record.name, record.content_hash)->id;
  if (sweep.sweep.stop.any()) {
    work.stopping = Stopping{resolved_stop(sweep.sweep, *experiments.front()), sweep_id};
  }
  end.sweep = record.name;
  end.file = whole_path(sweep.file);
  end.store = whole_path(folder);
  end.runs = runs.ids;
  const Backlog backlog = backlog_of(query, runs, search.get());
  print_message(
      "{}: {}, {} to do, {} finished before\n", sweep.sweep.name,
      search ? fmt::format("{} trials", search->request().trials) : runs_text(runs.ids.size()),
      backlog.size(), backlog.had_finished);
  // Before anything is started: a record that somebody changed would be refused again and again.
  for (const store::RunRecord& run : query.runs_by_id(backlog.waiting))
    experiment_to_run(run, registry);

  const store::ScratchFolder scratch(folder);
  // Looked at once, for all runs of this command.
  if (backlog.size() > 0) write_work_files(sweep, scratch.path(), work);
  if (options.text("executor") == "slurm") {
    do_with_slurm(options, store, sweep.sweep, sweep_id, work, runs, search.get());
  } else {
    do_locally(options, store, registry, work, runs, backlog, search.get());
    if (!search) print_steps(folder, runs.ids, published_steps(experiments));
  }
  if (search) {
    print_nothing_new(sweep.sweep, *search);
    print_best_trial(*search, query);
    end.runs = runs_so_far(*search);
  }
  end.result = final_result(query, runs, search.get());
  return conclude(end.result, backlog.had_failed, runs.left_alone.size());
}

int do_run(const Options& options) {
  return with_finish_hooks(options, [&](SweepEnd& end) { return do_runs(options, end); });
}

}  // namespace

Command run_command() {
  Options options(
      "run SWEEP.toml [KEY=VALUE…]",
      "Runs what is missing of a sweep: new runs start, interrupted runs resume, and finished\n"
      "runs are skipped. KEY=VALUE replaces a value of the file; a list replaces an axis:\n"
      "  epochal run quick.toml epochs=12 gamma=2 dataset_size=50,90 --jobs 2");
  options.store()
      .flag("dry-run", "print the runs and start none")
      .value("jobs", "N|auto", "worker processes that share cores and memory (default 1)")
      .value("retry", "N", "retry a failed run, at most N times (default 0)")
      .value("executor", "KIND",
             "local: worker processes (default); slurm: a job array; inline: in this process")
      .flag("detach", "with --executor slurm: return once the jobs are submitted")
      .value("shard", "I/N",
             "do only part I of N of the runs, such as 1/3; `epochal merge` joins the parts")
      .value("budget", "TIME",
             "stop after the last epoch that fits into this time, such as 2h, 45min or 1h30m")
      .value("take-over", "RUN", "resume a run of another machine or container that is gone")
      .flag("resume-unfinished", "resume interrupted runs, skip failed ones (default)")
      .flag("retry-failed", "resume failed runs after their last epoch")
      .flag("restart-failed", "start failed runs again from the beginning")
      .flag("restart-longer",
            "if the sweep asks for more epochs, start programs that save no state again")
      .flag("keep-going", "go on with the other runs when one fails (default)")
      .flag("fail-fast", "stop the other runs when one fails");
  add_changed_runs(options);
  add_finish_hooks(options);
  return {"run what is missing of a sweep", std::move(options), do_run};
}

}  // namespace epochal::app

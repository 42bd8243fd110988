// Brings the record of a sweep's runs up to what a command asks for.

#include "framework/app/recorded_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "framework/app/changed_runs.h"
#include "framework/app/lengthened_runs.h"
#include "framework/app/search_sweep.h"
#include "framework/base/error.h"
#include "framework/base/parsed_number.h"

namespace epochal::app {
namespace {

/// Every N-th run from the I-th on: neighbours in a sweep take about as long.
std::vector<store::RunId> shard_of(const std::vector<store::RunId>& runs, const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string_view words = text;
  const bool has_slash = slash != std::string::npos;
  const auto number = parsed_number<std::size_t>(words.substr(0, slash)).value_or(0);
  const auto count =
      has_slash ? parsed_number<std::size_t>(words.substr(slash + 1)).value_or(0) : 0;
  if (number < 1 || number > count) {
    throw Error(fmt::format("--shard must be I/N such as 1/3, not '{}'", text.substr(0, 80)));
  }
  std::vector<store::RunId> shard;
  for (std::size_t i = number - 1; i < runs.size(); i += count) shard.push_back(runs[i]);
  return shard;
}

/// Each run once, in this order: two points of a search may have the same run.
std::vector<store::RunId> each_once(const std::vector<store::RunId>& runs) {
  std::vector<store::RunId> once;
  std::set<store::RunId> seen;
  for (const store::RunId run : runs) {
    if (seen.insert(run).second) once.push_back(run);
  }
  return once;
}

/// They keep the length that they have: nothing is asked of them that is not done.
void leave_alone(const ChangedRuns& changed, std::vector<store::RunRecord>& wanted) {
  for (store::RunRecord& run : wanted) {
    const auto begun = changed.begun.find(run.identity);
    if (begun != changed.begun.end()) run.epochs = begun->second;
  }
}

/// What is wanted of the store: the runs of a list, or of the trials of a search so far.
struct Wanted {
  std::vector<store::RunRecord> runs;
  std::vector<std::int64_t> trials;  ///< whose runs these are; empty for a list
};

Wanted wanted_of(const SweepArguments& sweep, const SweepExperiments& experiments,
                 const std::vector<RunSpec>& specs, const SweepSearch* search) {
  Wanted wanted;
  if (search == nullptr) {
    wanted.runs = records_of(specs, sweep.sweep.command ? to_json(*sweep.sweep.command) : "");
    return wanted;
  }
  for (const auto& [number, run] : runs_of_trials(search->trials(), sweep, experiments)) {
    wanted.trials.push_back(number);
    wanted.runs.push_back(run);
  }
  return wanted;
}

std::vector<store::RunId> record_wanted(store::Store& store, const SweepArguments& sweep,
                                        const Wanted& wanted) {
  const store::SweepRecord record = record_of(sweep);
  if (!sweep.sweep.search) return store.record_sweep(record, wanted.runs);
  std::map<std::int64_t, store::RunRecord> runs;
  for (std::size_t i = 0; i < wanted.runs.size(); ++i) runs[wanted.trials[i]] = wanted.runs[i];
  return store.record_trials(store.record_search(record), runs);
}

/// Runs that another build of an experiment has begun or done, where that is to be asked about.
/// Says so, unless they start again.
ChangedRuns changed_runs_of(const Options& options, const store::Query& query, const Sweep& sweep,
                            const SweepExperiments& experiments, PluginRegistry& registry,
                            const std::vector<store::RunRecord>& wanted) {
  ChangedRuns changed;
  if (options.has("allow-changed")) return changed;
  for (const ExperimentInfo* experiment : experiments) {
    const ChangedRuns own = changed_runs(
        query, {wanted, experiment->name, registry.build(experiment->name), !sweep.stop.any(),
                options.has("retry-failed"), options.has("restart-failed")});
    if (!options.has("restart-changed")) say_changed(own, experiment->name);
    changed.add(own);
  }
  return changed;
}

RecordedRuns recorded_in(const Options& options, store::Store& store, const SweepArguments& sweep,
                         const SweepExperiments& experiments, PluginRegistry& registry,
                         Wanted wanted) {
  const bool is_restart = options.has("restart-changed");
  const store::Query query(store.folder());
  const ChangedRuns changed =
      changed_runs_of(options, query, sweep.sweep, experiments, registry, wanted.runs);
  if (!is_restart) leave_alone(changed, wanted.runs);
  const LengthenedRuns lengthened = lengthened_runs(query, wanted.runs, !sweep.sweep.stop.any());
  if (!is_restart && !options.has("restart-longer")) lengthened.refuse(wanted.runs);
  RecordedRuns recorded;
  recorded.ids = record_wanted(store, sweep, wanted);
  std::vector<store::RunId> restarted;
  for (std::size_t i = 0; i < recorded.ids.size(); ++i) {
    const store::RunRecord& run = wanted.runs[i];
    const store::RunId id = recorded.ids[i];
    recorded.asked[id] = run.epochs;
    if ((is_restart && changed.contains(run)) || lengthened.contains(run)) restarted.push_back(id);
    if (!is_restart && changed.begun.contains(run.identity)) recorded.left_alone.push_back(id);
  }
  store.restart(restarted);
  recorded.ids = each_once(recorded.ids);
  return recorded;
}

/// Queues what the options ask for again, and keeps the shard of this command.
void queue_again(const Options& options, store::Store& store, const StopRules& stop,
                 RecordedRuns& runs) {
  if (!stop.any()) store.resume_stopped(without(runs.ids, runs.left_alone));
  if (options.has("shard")) runs.ids = shard_of(runs.ids, options.text("shard"));
  std::erase_if(runs.left_alone, [&](store::RunId run) {
    return std::find(runs.ids.begin(), runs.ids.end(), run) == runs.ids.end();
  });
  if (options.has("restart-failed")) store.restart_failed(runs.ids);
  if (options.has("retry-failed")) store.retry_failed(without(runs.ids, runs.left_alone));
}

}  // namespace

RecordedRuns record_runs(const Options& options, store::Store& store, const SweepToDo& wanted,
                         PluginRegistry& registry) {
  RecordedRuns runs =
      recorded_in(options, store, wanted.sweep, wanted.experiments, registry,
                  wanted_of(wanted.sweep, wanted.experiments, wanted.specs, wanted.search));
  queue_again(options, store, wanted.sweep.sweep.stop, runs);
  return runs;
}

Backlog backlog_of(const store::Query& query, const RecordedRuns& runs, const SweepSearch* search) {
  Backlog backlog;
  for (const store::RunRecord& run : query.runs_by_id(runs.ids)) {
    const bool is_to_do = store::may_become(run.status, store::RunStatus::running) ||
                          run.status == store::RunStatus::running;  // in another process
    const bool is_left_alone = runs.is_left_alone(run.id);
    if (is_to_do && !is_left_alone) backlog.waiting.push_back(run.id);
    backlog.had_failed += run.status == store::RunStatus::failed ? 1 : 0;
    backlog.had_finished += run.status == store::RunStatus::finished && !is_left_alone ? 1 : 0;
  }
  if (search != nullptr) backlog.to_ask = trials_left(*search);
  return backlog;
}

std::vector<store::RunId> runs_so_far(const SweepSearch& search) {
  std::vector<store::RunId> runs;
  for (const auto& [trial, result] : search.trials()) {
    if (trial.run) runs.push_back(*trial.run);
  }
  return each_once(runs);
}

std::size_t trials_left(const SweepSearch& search) {
  const std::vector<KnownTrial> asked = search.trials();
  if (finds_nothing_new(asked)) return 0;
  const auto all = static_cast<std::size_t>(search.request().trials);
  return all - std::min(asked.size(), all);
}

std::vector<store::RunId> without(std::vector<store::RunId> runs,
                                  const std::vector<store::RunId>& left_out) {
  std::erase_if(runs, [&](store::RunId run) {
    return std::find(left_out.begin(), left_out.end(), run) != left_out.end();
  });
  return runs;
}

}  // namespace epochal::app

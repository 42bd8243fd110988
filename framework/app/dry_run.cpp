// The runs of a sweep before any of them is started.

#include "framework/app/dry_run.h"

#include <fmt/format.h>

#include <iostream>
#include <map>
#include <set>

#include "db/query.h"
#include "framework/app/changed_runs.h"
#include "framework/app/lengthened_runs.h"
#include "framework/app/search_sweep.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"

namespace epochal::app {
namespace {

struct RecordedRun {
  store::RunRecord run;
  std::string build;  ///< of the experiment that made its last epoch; empty if not known
};

/// What the store has of the runs already, by identity.
std::map<std::string, RecordedRun> recorded_runs(const store::Query& query) {
  std::map<std::string, RecordedRun> recorded;
  const std::vector<store::RunRecord> runs = query.runs();
  std::map<store::RunId, std::string> builds = query.builds(ids_of(runs));
  for (const store::RunRecord& run : runs) recorded[run.identity] = {run, builds[run.id]};
  return recorded;
}

/// `build` is that of the experiment here.
std::string recorded_state(const RecordedRun& recorded, const RunSpec& run,
                           const std::string& build) {
  const store::RunRecord& record = recorded.run;
  const bool is_changed = !recorded.build.empty() && recorded.build != build;
  const std::string by =
      is_changed ? fmt::format(", by another {}", build_word(run.experiment)) : "";
  const bool is_done =
      record.epochs_done >= run.epochs && record.status != store::RunStatus::failed;
  return fmt::format("{}, {}{}", is_done ? "finished" : name_of(record.status),
                     format_epochs(record.epochs_done, run.epochs), by);
}

void print_runs(const SweepArguments& sweep, const SweepExperiments& experiments,
                const std::vector<RunSpec>& runs, PluginRegistry& registry,
                const std::filesystem::path& store) {
  std::map<std::string, RecordedRun> recorded;
  LengthenedRuns lengthened;
  if (std::filesystem::exists(store / "epochal.db")) {
    const store::Query query(store);
    recorded = recorded_runs(query);
    lengthened = lengthened_runs(query, records_of(runs, ""), !sweep.sweep.stop.any());
  }
  const std::vector<std::string> varying = varying_parameters(runs, experiments);
  const bool has_several = experiments.size() > 1;
  TextTable table;
  table.add_column("run");
  if (has_several) table.add_column("experiment");
  table.add_columns(varying, TextTable::Align::right);
  table.add_columns({"seed", "epochs"}, TextTable::Align::right);
  table.add_column("in the store");
  for (const RunSpec& run : runs) {
    std::vector<std::string> row{run.identity.substr(0, 10)};
    if (has_several) row.push_back(run.experiment);
    for (const std::string& name : varying) row.push_back(value_text(run, name));
    row.push_back(std::to_string(run.seed));
    row.push_back(std::to_string(run.epochs));
    const auto found = recorded.find(run.identity);
    row.push_back(found == recorded.end()
                      ? "new"
                      : recorded_state(found->second, run, registry.build(run.experiment)));
    if (lengthened.done.contains(run.identity))
      row.back() += ", would start again: needs --restart-longer";
    table.add_row(std::move(row));
  }
  table.print(std::cout);
  std::cout << fmt::format("{}; nothing was started\n", runs_text(runs.size()));
}

/// The runs of the points that a search has asked for so far.
std::vector<RunSpec> runs_of_points(const SweepArguments& sweep, const ExperimentInfo& experiment,
                                    const std::vector<KnownTrial>& trials) {
  std::vector<RunSpec> runs;
  std::set<std::string> seen;
  for (const auto& [trial, result] : trials) {
    RunSpec run = run_at(sweep.sweep, experiment, trial.point);
    if (seen.insert(run.identity).second) runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

void print_dry_run(const SweepArguments& sweep, const SweepExperiments& experiments,
                   const std::vector<RunSpec>& runs, PluginRegistry& registry,
                   const std::filesystem::path& store) {
  if (!sweep.sweep.search) {
    print_runs(sweep, experiments, runs, registry, store);
    return;
  }
  const ExperimentInfo& experiment = *experiments.front();
  const SearchRequest search = resolved_search(sweep.sweep, experiment);
  const std::vector<KnownTrial> trials = recorded_trials(store, sweep, search);
  print_search(sweep.sweep, search, trials.size());
  print_runs(sweep, experiments, runs_of_points(sweep, experiment, trials), registry, store);
}

}  // namespace epochal::app

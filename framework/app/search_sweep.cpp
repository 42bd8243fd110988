// Sweeps with an adaptive search: what `epochal run` does otherwise for them.

#include "framework/app/search_sweep.h"

#include <fmt/format.h>

#include <iostream>

#include "framework/app/slurm_sweep.h"
#include "framework/app/text_table.h"
#include "framework/base/human_format.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/sweep/search_points.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

store::RunRecord record_at(const Sweep& sweep, const ExperimentInfo& experiment,
                           const std::string& point) {
  const std::string command = sweep.command ? to_json(*sweep.command) : "";
  return records_of({run_at(sweep, experiment, point)}, command).front();
}

/// "learning_rate=0.01 optimizer=sgd" of a point.
std::string words_of_point(const SearchRequest& search, const std::string& point) {
  std::vector<std::string> words;
  for (const Assignment& assignment : assignments_at(search, point)) {
    words.push_back(fmt::format("{}={}", assignment.name, to_text(assignment.value)));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::size_t round_size(const Sweep& sweep) {
  const SlurmRequest& slurm = sweep.slurm;
  const int size = slurm.array_limit > 0 ? slurm.array_limit
                   : slurm.tasks > 0     ? slurm.tasks
                                         : sweep.search->startup;
  return static_cast<std::size_t>(size);
}

std::vector<store::RunId> next_round(SearchedRuns& runs, std::size_t most) {
  std::vector<store::RunId> round;
  while (round.size() < most && runs.has_more() && stop_signal::count() == 0) {
    if (const std::optional<store::RunId> run = runs.next()) round.push_back(*run);
  }
  return round;
}

}  // namespace

void refuse_without_program(const Sweep& sweep) {
  if (!sweep.command || !sweep.command->run.empty()) return;
  throw Error(fmt::format("the sweep '{}' names no program that epochal could start",
                          printable(sweep.name, 80)),
              sweep.experiment_where,
              "let your program use `epochal ask` and `epochal tell`, or add [command] with "
              "run = […]");
}

std::unique_ptr<SweepSearch> recorded_search(store::Store& store, const SweepArguments& arguments,
                                             const SweepExperiments& experiments) {
  const Sweep& sweep = arguments.sweep;
  const ExperimentInfo& experiment = *experiments.front();
  return std::make_unique<SweepSearch>(
      store, sweep, experiment, store.record_search(record_of(arguments)),
      [&](const std::string& point) { return record_at(sweep, experiment, point); });
}

std::vector<KnownTrial> recorded_trials(const std::filesystem::path& store,
                                        const SweepArguments& arguments,
                                        const SearchRequest& search) {
  if (!std::filesystem::exists(store / "epochal.db")) return {};
  const store::Query query(store);
  const auto sweep = query.sweep(arguments.sweep.name, content_hash(arguments.sweep));
  if (!sweep) return {};
  return query.search_trials(sweep->id, search.metric);
}

std::map<std::int64_t, store::RunRecord> runs_of_trials(const std::vector<KnownTrial>& trials,
                                                        const SweepArguments& arguments,
                                                        const SweepExperiments& experiments) {
  std::map<std::int64_t, store::RunRecord> runs;
  for (const auto& [trial, result] : trials) {
    runs[trial.number] = record_at(arguments.sweep, *experiments.front(), trial.point);
  }
  return runs;
}

void print_search(const Sweep& sweep, const SearchRequest& search, std::size_t asked) {
  TextTable table;
  table.add_columns({"parameter", "values"});
  for (const SearchedParameter& parameter : search.parameters) {
    table.add_row({parameter.name, to_text(parameter)});
  }
  for (const Assignment& fixed : sweep.fixed) table.add_row({fixed.name, to_text(fixed.value)});
  table.print(std::cout);
  std::cout << fmt::format(
      "search: {} of {} trials have been asked for, with seed {}; from trial {} on it learns from "
      "the {} {}, of which {} is better\n",
      asked, search.trials, search.seed, search.startup,
      search.value == SearchRequest::Value::last ? "last" : "best", printable(search.metric, 80),
      search.lower_is_better ? "less" : "more");
}

void print_best_trial(const SweepSearch& search, const store::Query& query) {
  const auto best = search.best();
  if (!best) {
    const std::vector<KnownTrial> trials = search.trials();
    const bool has_finished =
        std::any_of(trials.begin(), trials.end(), [](const KnownTrial& known) {
          return known.second && known.second->status == store::RunStatus::finished;
        });
    if (!has_finished) return;
    print_message("no finished trial has a value of {}: check the metric of [sweep.search]\n",
                  printable(search.request().metric, 80));
    return;
  }
  for (const auto& [trial, result] : search.trials()) {
    if (trial.number != best->number) continue;
    print_message("best: trial {}, run {}, {} {} with {}\n", trial.number,
                  query.run(*trial.run).short_identity(), printable(search.request().metric, 80),
                  format_number(search.value_of(*result)),
                  printable(words_of_point(search.request(), trial.point), 1000));
  }
}

bool print_nothing_new(const Sweep& sweep, const SweepSearch& search) {
  if (!finds_nothing_new(search.trials())) return false;
  print_message(
      "all points that the search of '{}' finds have been asked for: its last {} trials gave no "
      "new "
      "one\n",
      printable(sweep.name, 80), kMostRepeats);
  return true;
}

void search_on_slurm(store::Store& store, const Sweep& sweep, std::int64_t sweep_id,
                     SearchedRuns& runs, const WorkOptions& work, bool detach) {
  while (stop_signal::count() == 0) {
    collect_from_slurm(store);  // what is known decides where to look next
    const std::vector<store::RunId> round = next_round(runs, round_size(sweep));
    if (round.empty() || stop_signal::count() > 0) return;
    run_on_slurm(store, sweep, sweep_id, round, work, detach);
    if (detach) return;
  }
}

}  // namespace epochal::app

// `epochal ls`: the runs of a store as a table.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "db/query.h"
#include "framework/app/command.h"
#include "framework/app/options.h"
#include "framework/app/text_table.h"
#include "framework/executor/slurm.h"
#include "framework/runner/lost_runs.h"
#include "reports/human_format.h"

namespace epochal {
namespace {

constexpr std::size_t kMostMetrics = 3;

/// Parameters that tell runs of one experiment apart; where they all agree they say nothing.
std::vector<std::string> telling_parameters(const std::vector<RunRecord>& runs) {
  std::map<std::pair<std::string, std::string>, ParameterValue> first;
  std::set<std::string> telling;
  for (const RunRecord& run : runs) {
    for (const auto& [name, value] : run.parameters.all()) {
      const auto [seen, is_new] = first.try_emplace({run.experiment, name}, value);
      if (!is_new && seen->second != value) telling.insert(name);
    }
  }
  return {telling.begin(), telling.end()};
}

/// Validation metrics first: they say how good a run is.
std::vector<std::string> shown_metrics(const std::vector<RunSummary>& summaries) {
  std::set<std::string> validation;
  std::set<std::string> other;
  for (const RunSummary& summary : summaries) {
    for (const auto& [name, value] : summary.last_metrics) {
      (name.starts_with("val.") ? validation : other).insert(name);
    }
  }
  std::vector<std::string> metrics(validation.begin(), validation.end());
  if (metrics.empty()) metrics.assign(other.begin(), other.end());
  metrics.resize(std::min(metrics.size(), kMostMetrics));
  return metrics;
}

std::string status_text(const RunRecord& run, const std::set<RunId>& lost) {
  if (lost.contains(run.id)) return "interrupted (its worker is gone)";
  std::string text(name_of(run.status));
  if (!run.error.empty()) text += ": " + printable(run.error, 80);
  return text;
}

/// " (slurm 12_3 pending)" for runs that a job array has and that are not through.
std::map<RunId, std::string> cluster_states(const Query& query) {
  const std::vector<ClusterJob> jobs = query.open_cluster_jobs();
  std::map<std::string, std::string> tasks;
  try {
    tasks = slurm_tasks(jobs);
  } catch (const Error&) {  // a machine without Slurm still knows which job has the run
  }
  std::map<RunId, std::string> states;
  for (const ClusterJob& job : jobs) {
    for (const auto& [run, number] : job.tasks) {
      const std::string name = fmt::format("{}_{}", job.job, number);
      const auto task = tasks.find(name);
      states[run] = fmt::format(" (slurm {}{})", name,
                                task == tasks.end() ? "" : " " + printable(task->second, 20));
    }
  }
  return states;
}

bool is_through(RunStatus status) {
  return status == RunStatus::finished || status == RunStatus::failed ||
         status == RunStatus::stopped;
}

}  // namespace

int command_ls(const Arguments& arguments) {
  Options options("ls", "Lists the runs of a store, with the values of their last epoch.");
  options.store();
  if (!options.parse(arguments)) return kAllGood;

  const Query query(options.store_folder());
  const std::vector<RunRecord> runs = query.runs();
  const std::vector<RunSummary> summaries = query.summaries();
  std::map<RunId, const RunSummary*> summary_of;
  for (const RunSummary& summary : summaries) summary_of[summary.run] = &summary;
  std::set<RunId> lost;
  for (const AttemptRecord& attempt : query.open_attempts()) {
    if (is_lost(attempt)) lost.insert(attempt.run);
  }
  const std::map<RunId, std::string> on_cluster = cluster_states(query);
  const std::vector<std::string> parameters = telling_parameters(runs);
  const std::vector<std::string> metrics = shown_metrics(summaries);

  using Align = TextTable::Align;
  TextTable table;
  table.add_column("run");
  table.add_column("experiment");
  for (const std::string& name : parameters) table.add_column(name, Align::right);
  table.add_column("seed", Align::right);
  table.add_column("epochs", Align::right);
  for (const std::string& name : metrics) table.add_column(name, Align::right);
  table.add_column("time", Align::right);
  table.add_column("status");
  for (const RunRecord& run : runs) {
    std::vector<std::string> row{run.short_identity(), run.experiment};
    for (const std::string& name : parameters) {
      const ParameterValue* value = run.parameters.find(name);
      row.push_back(value == nullptr ? "" : printable(to_text(*value), 40));
    }
    row.push_back(std::to_string(run.seed));
    row.push_back(fmt::format("{}/{}", run.epochs_done, run.epochs));
    const auto summary = summary_of.find(run.id);
    for (const std::string& name : metrics) {
      const bool has_it =
          summary != summary_of.end() && summary->second->last_metrics.contains(name);
      row.push_back(has_it ? format_number(summary->second->last_metrics.at(name)) : "");
    }
    row.push_back(run.epochs_done == 0 ? "" : format_duration(run.trained));
    const auto task = on_cluster.find(run.id);
    row.push_back(status_text(run, lost) +
                  (is_through(run.status) || task == on_cluster.end() ? "" : task->second));
    table.add_row(std::move(row));
  }
  table.print(std::cout);
  return kAllGood;
}

}  // namespace epochal

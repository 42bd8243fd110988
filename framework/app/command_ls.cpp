// `epochal ls`: the runs of a store as a table.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <set>

#include "db/query.h"
#include "framework/app/command.h"
#include "framework/app/options.h"
#include "framework/app/text_table.h"
#include "framework/executor/slurm.h"
#include "framework/runner/lost_runs.h"
#include "reports/human_format.h"
#include "reports/replicates.h"

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

/// Replicates together, or each run alone.
std::vector<std::vector<std::size_t>> shown_groups(const std::vector<RunRecord>& runs, bool each) {
  if (!each) return replicate_groups(runs);
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < runs.size(); ++i) groups.push_back({i});
  return groups;
}

std::string epochs_text(const std::vector<RunRecord>& members) {
  Epoch done = 0;
  Epoch wanted = 0;
  for (const RunRecord& run : members) {
    done += run.epochs_done;
    wanted += run.epochs;
  }
  return fmt::format("{}/{}", done, wanted);
}

/// The status that all have, or how many have which.
std::string group_status(const std::vector<RunRecord>& members,
                         const std::function<std::string(const RunRecord&)>& status_of) {
  std::map<std::string, int> counts;
  for (const RunRecord& run : members) ++counts[status_of(run)];
  if (counts.size() == 1) return counts.begin()->first;
  std::string text;
  for (const auto& [status, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, status);
  }
  return text;
}

}  // namespace

int command_ls(const Arguments& arguments) {
  Options options(
      "ls",
      "Lists the runs of a store, with the values of their last epoch. Runs that differ in\n"
      "the seed alone share a line: mean ± standard deviation, and the sum of their epochs.");
  options.store().flag("each", "a line a run, replicates too");
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
  const auto status_of = [&](const RunRecord& run) {
    const auto task = on_cluster.find(run.id);
    const bool is_with_it = task != on_cluster.end() && !is_through(run.status);
    return status_text(run, lost) + (is_with_it ? task->second : "");
  };
  for (const std::vector<std::size_t>& group : shown_groups(runs, options.has("each"))) {
    std::vector<RunRecord> members;
    for (const std::size_t index : group) members.push_back(runs[index]);
    const RunRecord& first = members.front();
    std::vector<std::string> row{first.short_identity(), first.experiment};
    for (const std::string& name : parameters) {
      const ParameterValue* value = first.parameters.find(name);
      row.push_back(value == nullptr ? "" : printable(to_text(*value), 40));
    }
    row.push_back(group.size() == 1 ? std::to_string(first.seed)
                                    : fmt::format("{} seeds", group.size()));
    row.push_back(epochs_text(members));
    for (const std::string& name : metrics) {
      std::vector<double> values;
      for (const RunRecord& run : members) {
        const auto summary = summary_of.find(run.id);
        if (summary == summary_of.end() || !summary->second->last_metrics.contains(name)) continue;
        values.push_back(summary->second->last_metrics.at(name));
      }
      const auto spread = spread_of(values);
      row.push_back(spread ? format_spread(*spread) : "");
    }
    Seconds trained{0};
    for (const RunRecord& run : members) trained += run.trained;
    row.push_back(trained.count() == 0 ? "" : format_duration(trained));
    row.push_back(group_status(members, status_of));
    table.add_row(std::move(row));
  }
  table.print(std::cout);
  return kAllGood;
}

}  // namespace epochal

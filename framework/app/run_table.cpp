#include "framework/app/run_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/base/error.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "framework/executor/slurm.h"
#include "reports/report_data.h"
#include "reports/statistics/comparable_runs.h"

namespace epochal::app {
namespace {

using Namespace = store::FilterField::Namespace;

constexpr std::size_t kMostMetricColumns = 3;

bool is_through(store::RunStatus status) {
  return status == store::RunStatus::finished || status == store::RunStatus::failed ||
         status == store::RunStatus::stopped;
}

std::vector<double> numbers_of(const report::RunListing& listing,
                               const report::ListedColumn& column,
                               const std::vector<std::size_t>& runs) {
  std::vector<double> numbers;
  for (const std::size_t run : runs) {
    const store::CellValue value = listing.value(column, run);
    if (const auto* number = std::get_if<double>(&value)) numbers.push_back(*number);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      numbers.push_back(static_cast<double>(*whole));
    }
  }
  return numbers;
}

}  // namespace

std::string StatusText::of(const store::RunRecord& run) const {
  if (lost_.contains(run.id)) return "interrupted (its worker is gone)";
  std::string text(name_of(run.status));
  if (!run.error.empty()) text += ": " + printable(first_line(run.error), 80);
  const auto task = on_cluster_.find(run.id);
  if (task != on_cluster_.end() && !is_through(run.status)) text += task->second;
  return text;
}

std::string StatusText::of(const std::vector<const store::RunRecord*>& runs) const {
  std::map<std::string, int> counts;
  for (const store::RunRecord* run : runs) ++counts[of(*run)];
  if (counts.size() == 1) return counts.begin()->first;
  std::string text;
  for (const auto& [status, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, status);
  }
  return text;
}

Colour StatusText::colour_of(const std::vector<const store::RunRecord*>& runs) const {
  std::set<Colour> colours;
  for (const store::RunRecord* run : runs) {
    const bool is_lost = lost_.contains(run->id);
    colours.insert(app::colour_of(is_lost ? store::RunStatus::interrupted : run->status));
  }
  return colours.size() == 1 ? *colours.begin() : Colour::none;
}

std::map<store::RunId, std::string> cluster_states(const store::Query& query) {
  const std::vector<store::ClusterJob> jobs = query.open_cluster_jobs();
  std::map<std::string, std::string> tasks;
  try {
    tasks = slurm_tasks(jobs);
  } catch (const Error&) {  // even without Slurm the record says which job has the run
  }
  std::map<store::RunId, std::string> states;
  for (const store::ClusterJob& job : jobs) {
    for (const auto& [run, number] : job.tasks) {
      const std::string name = fmt::format("{}_{}", job.job, number);
      const auto task = tasks.find(name);
      states[run] = fmt::format(" (slurm {}{})", name,
                                task == tasks.end() ? "" : " " + printable(task->second, 20));
    }
  }
  return states;
}

std::string heading_of(const report::ListedColumn& column) {
  if (column.field.name_space == Namespace::run && column.field.name == "seconds") return "time";
  const bool is_like_a_run_field = column.field.name_space == Namespace::params &&
                                   store::find_run_field(column.field.name) != nullptr;
  if (is_like_a_run_field) return "params." + column.field.name;
  return column.field.name;
}

std::vector<std::pair<std::string, int>> sensible_columns(const report::RunListing& listing) {
  std::set<std::string> experiments;
  for (const store::RunRecord& run : listing.runs()) experiments.insert(run.experiment);
  std::vector<std::pair<std::string, int>> columns{{"run", 9}};
  if (experiments.size() > 1) columns.emplace_back("experiment", 4);
  for (const std::string& name : listing.varying_parameters()) {
    columns.emplace_back(store::quoted_field("params", name), 9);
  }
  columns.insert(columns.end(), {{"seed", 5}, {"epochs", 8}});
  std::vector<std::string> metrics = listing.metrics();
  std::set<std::string> objectives;
  for (const store::RunRecord& run : listing.runs()) {
    objectives.insert(listing.declarations().objective(run));
  }
  const bool has_validation = !metrics.empty() && metrics.front().starts_with("val.");
  if (has_validation) {
    std::erase_if(metrics, [&](const std::string& name) {
      return !name.starts_with("val.") && !objectives.contains(name);
    });
  }
  const std::string main = report::main_metric(metrics, listing.runs(), listing.declarations());
  std::stable_partition(metrics.begin(), metrics.end(),
                        [&](const std::string& name) { return name == main; });
  metrics.resize(std::min(metrics.size(), kMostMetricColumns));
  for (const std::string& name : metrics) {
    columns.emplace_back(store::quoted_field("metrics", name), name == main ? 9 : 4);
  }
  columns.emplace_back("seconds", 3);
  for (const std::string& name : listing.tags())
    columns.emplace_back(store::quoted_field("tags", name), 2);
  columns.emplace_back("status", 8);
  return columns;
}

std::vector<std::string> all_columns(const report::RunListing& listing) {
  std::vector<std::string> columns{"run",    "experiment", "seed",    "status",
                                   "epochs", "seconds",    "created", "started"};
  for (const std::string& name : listing.parameters())
    columns.push_back(store::quoted_field("params", name));
  for (const std::string& name : listing.metrics())
    columns.push_back(store::quoted_field("metrics", name));
  for (const std::string& name : listing.tags())
    columns.push_back(store::quoted_field("tags", name));
  return columns;
}

std::vector<const store::RunRecord*> runs_of(const report::RunListing& listing,
                                             const std::vector<std::size_t>& group) {
  std::vector<const store::RunRecord*> runs;
  for (const std::size_t run : group) runs.push_back(&listing.runs()[run]);
  return runs;
}

std::string group_cell(const report::RunListing& listing, const report::ListedColumn& column,
                       const std::vector<std::size_t>& group, const StatusText& status) {
  const std::string& name = column.field.name;
  const bool is_run_field = column.field.name_space == Namespace::run;
  if (is_run_field && name == "status") return status.of(runs_of(listing, group));
  if (is_run_field && name == "epochs") {
    Epoch done = 0;
    Epoch wanted = 0;
    for (const std::size_t run : group) {
      done += listing.runs()[run].epochs_done;
      wanted += listing.runs()[run].epochs;
    }
    return fmt::format("{}/{}", done, wanted);
  }
  const store::CellValue first = listing.value(column, group.front());
  if (group.size() == 1) return report::shown_value(column, first);
  if (is_run_field && name == "seed") return fmt::format("{} seeds", group.size());
  if (is_run_field && name == "run") return report::shown_value(column, first);
  if (column.field.name_space == Namespace::metrics || (is_run_field && name == "best")) {
    const std::vector<std::size_t> averaged = report::averaged_runs(listing.runs(), group);
    const Epoch length = averaged.empty() ? 0 : listing.runs()[averaged.front()].epochs_done;
    return report::average_text(numbers_of(listing, column, averaged), group.size(), length);
  }
  if (is_run_field && name == "seconds") {
    const std::vector<double> times = numbers_of(listing, column, group);
    return report::shown_value(column, std::accumulate(times.begin(), times.end(), 0.0));
  }
  const bool is_same = std::all_of(group.begin(), group.end(), [&](std::size_t run) {
    return listing.value(column, run) == first;
  });
  return is_same ? report::shown_value(column, first) : "…";
}

std::string plain_name(const std::string& name) {
  // A doubled backquote is part of the name; single ones only enclose it.
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '`') {
      plain += name[i];
    } else if (name.substr(i, 2) == "``") {
      plain += name[i++];
    }
  }
  return plain;
}

bool is_text(const report::ListedColumn& column) {
  if (column.field.name_space == Namespace::tags) return true;
  if (column.field.name_space != Namespace::run) return false;
  return column.field.name != "epochs" && column.field.name != "seed" &&
         column.field.name != "seconds";
}

}  // namespace epochal::app

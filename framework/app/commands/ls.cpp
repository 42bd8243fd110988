// `epochal ls`: the runs of a store as a table, or for another program.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <numeric>
#include <set>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/selection_options.h"
#include "framework/app/text_table.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "framework/base/text_lines.h"
#include "framework/executor/slurm.h"
#include "reports/report_data.h"
#include "reports/run_listing.h"
#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/settings.h"

namespace epochal {
namespace {

using Align = TextTable::Align;
using Namespace = FilterField::Namespace;

constexpr std::size_t kMostMetricColumns = 3;

/// How a row's state is told: by the record, whether its worker is gone, and where Slurm has it.
class StatusText {
 public:
  StatusText(const Query& query, std::set<RunId> lost)
      : lost_(std::move(lost)), on_cluster_(cluster_states(query)) {}

  std::string of(const RunRecord& run) const {
    if (lost_.contains(run.id)) return "interrupted (its worker is gone)";
    std::string text(name_of(run.status));
    if (!run.error.empty()) text += ": " + printable(first_line(run.error), 80);
    const auto task = on_cluster_.find(run.id);
    if (task != on_cluster_.end() && !is_through(run.status)) text += task->second;
    return text;
  }

  /// Of runs of one state; none where they have several.
  Colour colour_of(const std::vector<const RunRecord*>& runs) const {
    std::set<Colour> colours;
    for (const RunRecord* run : runs) {
      const bool is_lost = lost_.contains(run->id);
      colours.insert(epochal::colour_of(is_lost ? RunStatus::interrupted : run->status));
    }
    return colours.size() == 1 ? *colours.begin() : Colour::none;
  }

  /// The status that all have, or how many have which.
  std::string of(const std::vector<const RunRecord*>& runs) const {
    std::map<std::string, int> counts;
    for (const RunRecord* run : runs) ++counts[of(*run)];
    if (counts.size() == 1) return counts.begin()->first;
    std::string text;
    for (const auto& [status, count] : counts) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, status);
    }
    return text;
  }

 private:
  static bool is_through(RunStatus status) {
    return status == RunStatus::finished || status == RunStatus::failed ||
           status == RunStatus::stopped;
  }

  /// " (slurm 12_3 pending)" for runs that a job array has.
  static std::map<RunId, std::string> cluster_states(const Query& query) {
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

  std::set<RunId> lost_;
  std::map<RunId, std::string> on_cluster_;
};

/// "params.gamma" as a heading is "gamma": its place among the others says the rest.
std::string heading_of(const ListedColumn& column) {
  if (column.field.name_space == Namespace::run && column.field.name == "seconds") return "time";
  return column.field.name;
}

/// Columns of the table when none are asked for, with how soon each goes where there is no room:
/// swept parameters and the objective stay (9).
std::vector<std::pair<std::string, int>> sensible_columns(const RunListing& listing) {
  std::set<std::string> experiments;
  for (const RunRecord& run : listing.runs()) experiments.insert(run.experiment);
  std::vector<std::pair<std::string, int>> columns{{"run", 9}};
  if (experiments.size() > 1) columns.emplace_back("experiment", 4);
  for (const std::string& name : listing.varying_parameters()) {
    columns.emplace_back("params.`" + name + "`", 9);
  }
  columns.insert(columns.end(), {{"seed", 5}, {"epochs", 8}});
  std::vector<std::string> metrics = listing.metrics();
  const bool has_validation = !metrics.empty() && metrics.front().starts_with("val.");
  if (has_validation) std::erase_if(metrics, [](const auto& m) { return !m.starts_with("val."); });
  const std::string main = main_metric(metrics, listing.runs(), listing.declarations());
  std::stable_partition(metrics.begin(), metrics.end(),
                        [&](const std::string& name) { return name == main; });
  metrics.resize(std::min(metrics.size(), kMostMetricColumns));
  for (const std::string& name : metrics) {
    columns.emplace_back("metrics.`" + name + "`", name == main ? 9 : 4);
  }
  columns.emplace_back("seconds", 3);
  for (const std::string& name : listing.tags()) columns.emplace_back("tags.`" + name + "`", 2);
  columns.emplace_back("status", 8);
  return columns;
}

std::vector<std::string> all_columns(const RunListing& listing) {
  std::vector<std::string> columns{"run",    "experiment", "seed",    "status",
                                   "epochs", "seconds",    "created", "started"};
  for (const std::string& name : listing.parameters()) columns.push_back("params.`" + name + "`");
  for (const std::string& name : listing.metrics()) columns.push_back("metrics.`" + name + "`");
  for (const std::string& name : listing.tags()) columns.push_back("tags.`" + name + "`");
  return columns;
}

std::vector<double> numbers_of(const RunListing& listing, const ListedColumn& column,
                               const std::vector<std::size_t>& runs) {
  std::vector<double> numbers;
  for (const std::size_t run : runs) {
    const CellValue value = listing.value(column, run);
    if (const auto* number = std::get_if<double>(&value)) numbers.push_back(*number);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      numbers.push_back(static_cast<double>(*whole));
    }
  }
  return numbers;
}

std::vector<const RunRecord*> runs_of(const RunListing& listing,
                                      const std::vector<std::size_t>& group) {
  std::vector<const RunRecord*> runs;
  for (const std::size_t run : group) runs.push_back(&listing.runs()[run]);
  return runs;
}

/// One cell for runs that differ in the seed alone. Metrics are averaged over those that compare
/// (see averaged_runs()).
std::string group_cell(const RunListing& listing, const ListedColumn& column,
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
  const CellValue first = listing.value(column, group.front());
  if (group.size() == 1) return shown_value(column, first);
  if (is_run_field && name == "seed") return fmt::format("{} seeds", group.size());
  if (is_run_field && name == "run") return shown_value(column, first);
  if (column.field.name_space == Namespace::metrics || (is_run_field && name == "best")) {
    const std::vector<std::size_t> averaged = averaged_runs(listing.runs(), group);
    const Epoch length = averaged.empty() ? 0 : listing.runs()[averaged.front()].epochs_done;
    return average_text(numbers_of(listing, column, averaged), group.size(), length);
  }
  if (is_run_field && name == "seconds") {
    const std::vector<double> times = numbers_of(listing, column, group);
    return shown_value(column, std::accumulate(times.begin(), times.end(), 0.0));
  }
  const bool is_same = std::all_of(group.begin(), group.end(), [&](std::size_t run) {
    return listing.value(column, run) == first;
  });
  return is_same ? shown_value(column, first) : "…";
}

void print_table(const RunListing& listing,
                 const std::vector<std::pair<ListedColumn, int>>& columns, const StatusText& status,
                 bool each, const std::optional<std::int64_t>& limit) {
  TextTable table;
  for (const auto& [column, rank] : columns) {
    const bool is_text =
        column.field.name_space == Namespace::tags ||
        (column.field.name_space == Namespace::run && column.field.name != "epochs" &&
         column.field.name != "seed" && column.field.name != "seconds");
    table.add_column(heading_of(column), is_text ? Align::left : Align::right, rank);
  }
  std::vector<std::vector<std::size_t>> groups;
  if (each) {
    for (std::size_t run = 0; run < listing.runs().size(); ++run) groups.push_back({run});
  } else {
    groups = runs_by_setting(listing.runs());
    if (limit && groups.size() > static_cast<std::size_t>(*limit)) {
      groups.resize(static_cast<std::size_t>(*limit));
    }
  }
  for (const std::vector<std::size_t>& group : groups) {
    std::vector<std::string> row;
    std::vector<Colour> colours;
    for (const auto& [column, rank] : columns) {
      row.push_back(printable(group_cell(listing, column, group, status), 120));
      const bool is_status =
          column.field.name_space == Namespace::run && column.field.name == "status";
      colours.push_back(is_status ? status.colour_of(runs_of(listing, group)) : Colour::none);
    }
    table.add_row(std::move(row), std::move(colours));
  }
  std::vector<std::string> left_out;
  if (const auto width = terminal_width()) left_out = table.fit(*width);
  table.print(std::cout);
  if (!left_out.empty()) {
    print_message("no room for {}; --columns chooses\n", fmt::join(left_out, ", "));
  }
}

void print_csv(const RunListing& listing, const std::vector<ListedColumn>& columns) {
  std::string text;
  for (std::size_t run = 0; run <= listing.runs().size(); ++run) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text += ',';
      text +=
          run == 0 ? csv_field(columns[i].heading) : csv_value(listing.value(columns[i], run - 1));
    }
    text += '\n';
  }
  std::cout << text;
}

void print_json(const RunListing& listing, const std::vector<ListedColumn>& columns,
                bool a_line_each) {
  std::string text = a_line_each ? "" : "[";
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    if (!a_line_each) text += run == 0 ? "\n" : ",\n";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += i == 0 ? "{" : ", ";
      text += json_value(columns[i].heading) + ": " + json_value(listing.value(columns[i], run));
    }
    text += a_line_each ? "}\n" : "}";
  }
  std::cout << text << (a_line_each ? "" : "\n]\n");
}

/// "metrics.`val.total`" as people write it.
std::string plain_name(std::string name) {
  std::erase(name, '`');
  return name;
}

int list(const Options& options) {
  const std::string format = options.text("format", "table");
  const std::vector<std::string> formats{"table", "csv", "json", "ndjson"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    throw Error(fmt::format("unknown format '{}'", printable(format, 40)), "--format",
                name_hint(format, formats));
  }
  const Query query(options.store_folder());
  RunSelection selection = selection_of(options, query);
  const std::optional<std::int64_t> limit = selection.limit;
  // Lines are limited, and a line may have several seeds.
  if (format == "table" && !options.has("each")) selection.limit.reset();
  const RunListing listing(query, query.select(selection));

  std::vector<std::pair<std::string, int>> names;
  for (const std::string& name : comma_list(options.text("columns"))) names.emplace_back(name, 9);
  if (names.empty() && format == "table") names = sensible_columns(listing);
  if (names.empty()) {
    for (const std::string& name : all_columns(listing)) names.emplace_back(name, 9);
  }
  std::vector<std::pair<ListedColumn, int>> columns;
  std::vector<ListedColumn> plain;
  for (const auto& [name, rank] : names) {
    columns.emplace_back(listing.column(name), rank);
    columns.back().first.heading = plain_name(name);
    plain.push_back(columns.back().first);
  }
  if (format == "csv") {
    print_csv(listing, plain);
  } else if (format == "table") {
    print_table(listing, columns, StatusText(query, selection.lost), options.has("each"), limit);
  } else {
    print_json(listing, plain, format == "ndjson");
  }
  return kAllGood;
}

/// A line a field: "seconds        of training".
std::string field_list() {
  std::string text;
  for (const RunField& field : run_fields()) {
    text += fmt::format("{}  {:<14} {}", text.empty() ? "" : "\n", field.name, field.meaning);
  }
  return text;
}

}  // namespace

Command ls_command() {
  Options options(
      "ls [--where FILTER]",
      "Lists the runs of a store, with the values of their last epoch. Runs that differ in\n"
      "the seed alone share a line: mean ± standard deviation of the finished ones of one\n"
      "length, and the sum of their epochs; csv, json and ndjson have a row a run and every\n"
      "digit. Fields are metrics.NAME (also .last, .min, .max, .mean, .best, .best_epoch),\n"
      "params.NAME, tags.NAME, and those of the run itself below. A NAME alone will do where it\n"
      "means one thing, such as val.loss or dataset_size.\n" +
          field_list());
  options.store();
  add_selection(options);
  options.value("columns", "FIELD,…", "which columns, in this order")
      .value("format", "FORMAT", "table (default), csv, json or ndjson")
      .flag("each", "a line a run, seeds too");
  return {"list the runs of a store, filtered and sorted", std::move(options), list};
}

}  // namespace epochal

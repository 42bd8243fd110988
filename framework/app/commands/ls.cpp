// `epochal ls`: the runs of a store as a table, or for another program.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/run_table.h"
#include "framework/app/selection_options.h"
#include "framework/app/text_table.h"
#include "framework/base/message.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "reports/run_listing.h"
#include "reports/statistics/settings.h"

namespace epochal::app {
namespace {

using Align = TextTable::Align;
using Namespace = store::FilterField::Namespace;

void print_table(const report::RunListing& listing,
                 const std::vector<std::pair<report::ListedColumn, int>>& columns,
                 const StatusText& status, bool each, const std::optional<std::int64_t>& limit) {
  TextTable table;
  for (const auto& [column, rank] : columns) {
    table.add_column(heading_of(column), is_text(column) ? Align::left : Align::right, rank);
  }
  std::vector<std::vector<std::size_t>> groups;
  if (each) {
    for (std::size_t run = 0; run < listing.runs().size(); ++run) groups.push_back({run});
  } else {
    groups = report::runs_by_setting(listing.runs());
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
    print_message("no space for {}; choose columns with --columns\n", fmt::join(left_out, ", "));
  }
}

void print_csv(const report::RunListing& listing,
               const std::vector<report::ListedColumn>& columns) {
  std::string text;
  for (std::size_t run = 0; run <= listing.runs().size(); ++run) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text += ',';
      text += run == 0 ? store::csv_field(columns[i].heading)
                       : store::csv_value(listing.value(columns[i], run - 1));
    }
    text += '\n';
  }
  std::cout << text;
}

void print_json(const report::RunListing& listing, const std::vector<report::ListedColumn>& columns,
                bool a_line_each) {
  std::string text = a_line_each ? "" : "[";
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    if (!a_line_each) text += run == 0 ? "\n" : ",\n";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += i == 0 ? "{" : ", ";
      text += store::json_value(columns[i].heading) + ": " +
              store::json_value(listing.value(columns[i], run));
    }
    text += a_line_each ? "}\n" : "}";
  }
  std::cout << text << (a_line_each ? "" : "\n]\n");
}

int list(const Options& options) {
  const std::string format = options.text("format", "table");
  const std::vector<std::string> formats{"table", "csv", "json", "ndjson"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    throw Error(fmt::format("unknown format '{}'", printable(format, 40)), "--format",
                name_hint(format, formats));
  }
  const store::Query query(options.store_folder());
  store::RunSelection selection = selection_of(options, query);
  const std::optional<std::int64_t> limit = selection.limit;
  // The limit counts lines, and a line may have several seeds.
  if (format == "table" && !options.has("each")) selection.limit.reset();
  const report::RunListing listing(query, query.select(selection));

  std::vector<std::pair<std::string, int>> names;
  for (const std::string& name : comma_list(options.text("columns"))) names.emplace_back(name, 9);
  if (names.empty() && format == "table") names = sensible_columns(listing);
  if (names.empty()) {
    for (const std::string& name : all_columns(listing)) names.emplace_back(name, 9);
  }
  std::vector<std::pair<report::ListedColumn, int>> columns;
  std::vector<report::ListedColumn> plain;
  for (const auto& [name, rank] : names) {
    columns.emplace_back(listing.column(name), rank);
    columns.back().first.heading = plain_name(name);
    plain.push_back(columns.back().first);
  }
  if (format == "csv") {
    print_csv(listing, plain);
  } else if (format == "table") {
    print_table(listing, columns, StatusText(selection.lost, cluster_states(query)),
                options.has("each"), limit);
  } else {
    print_json(listing, plain, format == "ndjson");
  }
  return kAllGood;
}

/// One line for each field: "seconds        of training".
std::string field_list() {
  std::string text;
  for (const store::RunField& field : store::run_fields()) {
    text += fmt::format("{}  {:<14} {}", text.empty() ? "" : "\n", field.name, field.meaning);
  }
  return text;
}

}  // namespace

Command ls_command() {
  Options options(
      "ls [--where FILTER]",
      "Lists the runs of a store with the values of their last epoch. Runs that differ only in\n"
      "their seed share a line, with the sum of their epochs, and the mean ± standard deviation\n"
      "of the finished ones of one length. csv, json and ndjson have a row for each run, with all\n"
      "digits.\n"
      "\n"
      "--where, --sort and --columns take these fields: params.NAME, tags.NAME, metrics.NAME (the\n"
      "last value; also .min, .max, .mean, .best, .best_epoch, .best_step and .best_images after\n"
      "the name), and the fields of a run below. NAME alone is enough if it means one thing, such\n"
      "as val.loss or dataset_size.\n" +
          field_list());
  options.store();
  add_selection(options);
  options.value("columns", "FIELDS", "print these fields as columns, in this order")
      .value("format", "FORMAT", "table (default), csv, json or ndjson")
      .flag("each", "print one line for each run: do not average seeds");
  return {"list the runs of a store, filtered and sorted", std::move(options), list};
}

}  // namespace epochal::app

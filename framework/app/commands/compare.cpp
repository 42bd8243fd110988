// `epochal compare`: how runs differ in parameters and results.

#include <fmt/format.h>

#include <iostream>
#include <optional>

#include "db/query.h"
#include "framework/app/commands/command.h"
#include "framework/app/run_differences.h"
#include "framework/app/run_table.h"
#include "framework/app/selection_options.h"
#include "framework/app/text_table.h"
#include "framework/base/printable.h"
#include "reports/run_listing.h"

namespace epochal::app {
namespace {

using Align = TextTable::Align;

/// More runs than this are printed as lines instead of columns.
constexpr std::size_t kMostColumns = 6;

/// Fields whose values are not the same for all runs.
std::vector<report::ListedColumn> differing_columns(const report::RunListing& listing) {
  std::vector<std::string> names{"experiment", "status", "epochs", "seed", "seconds"};
  for (const std::string& name : listing.parameters())
    names.push_back(store::quoted_field("params", name));
  for (const std::string& name : listing.metrics()) {
    names.push_back(store::quoted_field("metrics", name));
    names.push_back(store::quoted_field("metrics", name) + ".best");
  }
  std::vector<report::ListedColumn> differing;
  for (const std::string& name : names) {
    report::ListedColumn column = listing.column(name);
    column.heading = plain_name(name);
    const std::string first = report::shown_value(column, listing.value(column, 0));
    for (std::size_t run = 1; run < listing.runs().size(); ++run) {
      if (report::shown_value(column, listing.value(column, run)) == first) continue;
      differing.push_back(column);
      break;
    }
  }
  return differing;
}

void print_beside(const report::RunListing& listing,
                  const std::vector<report::ListedColumn>& columns) {
  TextTable table;
  table.add_column("");
  for (const store::RunRecord& run : listing.runs())
    table.add_column(run.short_identity(), Align::right);
  for (const report::ListedColumn& column : columns) {
    std::vector<std::string> row{column.heading};
    for (std::size_t run = 0; run < listing.runs().size(); ++run) {
      row.push_back(printable(report::shown_value(column, listing.value(column, run)), 60));
    }
    table.add_row(std::move(row));
  }
  table.print(std::cout);
}

void print_below(const report::RunListing& listing,
                 const std::vector<report::ListedColumn>& columns) {
  TextTable table;
  table.add_column("run");
  for (const report::ListedColumn& column : columns) {
    table.add_column(column.field.name, Align::right, column.field.name.ends_with(".best") ? 2 : 8);
  }
  for (std::size_t run = 0; run < listing.runs().size(); ++run) {
    std::vector<std::string> row{listing.runs()[run].short_identity()};
    for (const report::ListedColumn& column : columns) {
      row.push_back(printable(report::shown_value(column, listing.value(column, run)), 40));
    }
    table.add_row(std::move(row));
  }
  if (const auto width = terminal_width()) table.fit(*width);
  table.print(std::cout);
}

int compare(const Options& options) {
  const store::Query query(options.store_folder());
  const report::RunListing listing(query, named_or_selected(options, query, options.positional()));
  if (listing.runs().size() < 2) {
    throw Error("there is only one run to compare", {},
                "name two runs, or use a filter that matches more");
  }
  const std::vector<report::ListedColumn> columns = differing_columns(listing);
  if (columns.empty()) std::cout << "parameters and results are the same\n";
  if (!columns.empty() && listing.runs().size() <= kMostColumns) print_beside(listing, columns);
  if (!columns.empty() && listing.runs().size() > kMostColumns) print_below(listing, columns);
  if (listing.runs().size() == 2) {
    print_surroundings(query, listing.runs()[0], listing.runs()[1]);
  }
  return kAllGood;
}

}  // namespace

Command compare_command() {
  Options options(
      "compare RUN RUN… | --where FILTER",
      "Shows the parameters and results that differ between runs. For two runs it also compares\n"
      "sources, environment, hardware and data.");
  options.store();
  add_selection(options);
  return {"how runs differ in parameters and results", std::move(options), compare};
}

}  // namespace epochal::app

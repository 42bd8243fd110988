// `epochal sql`: the user's own question to the store.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "db/read_only_sql.h"
#include "framework/app/commands/command.h"
#include "framework/app/text_table.h"
#include "framework/base/duration.h"
#include "framework/base/error.h"
#include "framework/base/nearest_name.h"
#include "framework/base/printable.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

constexpr std::size_t kLongest = 1 << 20;

std::string shown(const store::CellValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return printable(*text, 200);
  return store::csv_value(value);
}

store::SqlSink table_sink(TextTable& table) {
  return {[&](const auto& columns) {
            for (const std::string& name : columns) table.add_column(name);
          },
          [&](const auto& row) {
            std::vector<std::string> cells;
            for (const store::CellValue& value : row) cells.push_back(shown(value));
            table.add_row(std::move(cells));
          }};
}

store::SqlSink csv_sink() {
  return {[](const auto& columns) {
            std::string line;
            for (const std::string& name : columns)
              line += (line.empty() ? "" : ",") + store::csv_field(name);
            std::cout << line << '\n';
          },
          [](const auto& row) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i)
              line += (i == 0 ? "" : ",") + store::csv_value(row[i]);
            std::cout << line << '\n';
          }};
}

store::SqlSink ndjson_sink(std::vector<std::string>& names) {
  return {[&](const auto& columns) { names = columns; },
          [&](const auto& row) {
            std::string line = "{";
            for (std::size_t i = 0; i < row.size(); ++i) {
              line += (i == 0 ? "" : ", ") + store::json_value(names[i]) + ": " +
                      store::json_value(row[i]);
            }
            std::cout << line << "}\n";
          }};
}

int ask(const Options& options) {
  std::string sql = options.only_positional("the SQL");
  if (sql == "-") {
    sql.assign(std::istreambuf_iterator<char>(std::cin), {});
  }
  if (sql.size() > kLongest) throw Error("the SQL is longer than 1 MiB");
  const std::string format = options.text("format", "table");
  const std::vector<std::string> formats{"table", "csv", "ndjson"};
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    throw Error(fmt::format("unknown format '{}'", format.substr(0, 40)), "--format",
                name_hint(format, formats));
  }
  stop_signal::install();
  TextTable table;
  std::vector<std::string> names;
  const store::SqlSink sink = format == "csv"      ? csv_sink()
                              : format == "ndjson" ? ndjson_sink(names)
                                                   : table_sink(table);
  store::read_only_sql(
      options.store_folder(), sql, parse_duration(options.text("timeout", "1min"), "timeout"),
      [] { return stop_signal::count() > 0; }, sink);
  if (format == "table") table.print(std::cout);
  return kAllGood;
}

}  // namespace

Command sql_command() {
  Options options(
      "sql SELECT…",
      "Runs one SELECT on the store, read-only. With - it reads the SQL from standard input.\n"
      "The views runs, epochs, curves, steps, validation_samples and best_epochs keep their\n"
      "columns in later versions (docs/asking.md lists them):\n"
      "  epochal sql \"select run, params ->> 'batch_size', value from runs\n"
      "               join best_epochs using (run) where metric = 'val.total'\"");
  options.store()
      .value("format", "FORMAT", "table (default), csv or ndjson")
      .value("timeout", "TIME", "stop the query after this time (default 1min)");
  return {"query the store with SQL", std::move(options), ask};
}

}  // namespace epochal::app

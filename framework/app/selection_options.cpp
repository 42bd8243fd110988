// The options that select runs: names, a filter, an order.

#include "framework/app/selection_options.h"

#include <algorithm>

#include "db/maintenance/lost_runs.h"
#include "framework/base/error.h"

namespace epochal::app {

void add_selection(Options& options) {
  options
      .value("sweep", "NAME[@HASH]",
             "only runs of this sweep, in its order: of its newest recording, or of the one whose "
             "content has this hash")
      .value("where", "FILTER",
             "only runs that match this filter, such as \"val.total < 2 and run.started > -7d\"; "
             "`epochal ls --help` lists the fields")
      .value("sort", "FIELDS",
             "sort by these fields, separated by commas; -FIELD sorts in descending order")
      .value("limit", "N", "take at most N runs; in the table of `ls`, at most N lines");
}

std::set<store::RunId> lost_runs(const store::Query& query) {
  std::set<store::RunId> lost;
  for (const store::AttemptRecord& attempt : query.open_attempts()) {
    if (store::is_lost(attempt)) lost.insert(attempt.run);
  }
  return lost;
}

bool is_busy(const store::Query& query) {
  const std::vector<store::AttemptRecord> attempts = query.open_attempts();
  return std::any_of(attempts.begin(), attempts.end(),
                     [](const store::AttemptRecord& attempt) { return !store::is_lost(attempt); });
}

store::RunSelection selection_of(const Options& options, const store::Query& query) {
  constexpr int kLargest = 1'000'000'000;
  store::RunSelection selection;
  selection.where = options.text("where");
  selection.sweep = options.text("sweep");
  if (options.has("sort")) selection.sort = comma_list(options.text("sort"));
  if (options.has("limit")) selection.limit = options.integer("limit", 0, 0, kLargest);
  selection.lost = lost_runs(query);
  return selection;
}

std::vector<store::RunId> named_or_selected(const Options& options, const store::Query& query,
                                            const std::vector<std::string>& names) {
  std::vector<store::RunId> runs;
  for (const std::string& name : names) {
    const store::RunId run = query.run_named(name).id;
    if (std::find(runs.begin(), runs.end(), run) == runs.end()) runs.push_back(run);
  }
  if (!options.has("where") && !options.has("sweep")) {
    if (!runs.empty()) return runs;
    throw Error("no run was named", {}, "usage: epochal " + options.usage());
  }
  // An empty variable in a script would otherwise select all runs.
  if (options.has("where") &&
      options.text("where").find_first_not_of(" \t\n") == std::string::npos) {
    throw Error("the filter of --where is empty", {}, "write a filter that selects the runs");
  }
  for (const store::RunId run : query.select(selection_of(options, query))) {
    if (std::find(runs.begin(), runs.end(), run) == runs.end()) runs.push_back(run);
  }
  if (runs.empty()) throw Error("no run matches the filter", {}, "`epochal ls` lists all");
  return runs;
}

std::vector<std::string> comma_list(const std::string& text) {
  std::vector<std::string> parts;
  std::string part;
  bool is_quoted = false;
  const auto finish = [&] {
    const std::size_t first = part.find_first_not_of(' ');
    if (first != std::string::npos) {
      parts.push_back(part.substr(first, part.find_last_not_of(' ') - first + 1));
    }
    part.clear();
  };
  for (const char c : text) {
    if (c == '`') is_quoted = !is_quoted;
    if (c == ',' && !is_quoted) {
      finish();
    } else {
      part += c;
    }
  }
  finish();
  return parts;
}

}  // namespace epochal::app

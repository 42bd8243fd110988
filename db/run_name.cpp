// Finds the run that a word names.

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>

#include "db/query.h"
#include "framework/base/parsed_number.h"
#include "framework/base/printable.h"

namespace epochal::store {

using SQLite::Statement;

RunRecord Query::run_named(std::string_view word) const {
  if (word == "@last") return last_run();
  if (word == "@best") return best_run();
  const std::size_t colon = word.rfind(':');
  if (colon != std::string_view::npos) {
    return run_of_sweep(word.substr(0, colon), word.substr(colon + 1));
  }
  return run_by_digits(word);
}

RunRecord Query::run_by_digits(std::string_view digits) const {
  const bool is_hex = digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (digits.empty() || digits.size() > 64 || !is_hex) {
    throw Error(fmt::format("'{}' is not a run", printable(digits, 80)), {},
                "name a run as `epochal ls` shows it, such as 3f9c2a, or @last, @best, SWEEP:3");
  }
  Statement row(connection_.database(),
                "select id, identity from run where identity >= :digits and identity < :end "
                "order by identity limit 2");
  row.bind(":digits", std::string(digits));
  row.bind(":end", std::string(digits) + "g");  // after every hex digit
  std::vector<RunId> found;
  while (row.executeStep()) found.push_back(RunId{row.getColumn(0).getInt64()});
  if (found.empty()) {
    throw Error(fmt::format("no run starts with '{}'", digits), folder(),
                "see `epochal ls` for the runs");
  }
  if (found.size() > 1) {
    throw Error(fmt::format("several runs start with '{}'", digits), folder(),
                "give more of its digits");
  }
  return run(found.front());
}

RunRecord Query::last_run() const {
  Statement row(connection_.database(),
                "select run.id from run left join attempt on attempt.run_id = run.id "
                "where run.trashed_at is null order by attempt.started_at desc nulls last, "
                "attempt.id desc, run.id desc limit 1");
  if (!row.executeStep()) throw Error("there is no run yet", folder(), "run a sweep first");
  return run(RunId{row.getColumn(0).getInt64()});
}

RunRecord Query::best_run() const {
  Statement row(connection_.database(),
                "select name, content_hash from sweep order by recorded_at desc, id desc limit 1");
  if (!row.executeStep()) throw Error("there is no sweep yet", folder(), "run one first");
  const std::string sweep = row.getColumn(0).getString();
  RunSelection selection;
  selection.sweep = sweep + "@" + row.getColumn(1).getString();
  selection.where = "status = 'finished'";
  selection.sort = {"best"};
  const std::vector<RunRecord> runs = runs_by_id(select(selection));
  const Declarations declared = declarations();
  const std::string objective = runs.empty() ? "" : declared.objective(runs.front());
  if (objective.empty()) {
    throw Error(
        fmt::format("the sweep '{}' has no finished run with an objective", printable(sweep, 80)),
        folder(), "see `epochal ls`");
  }
  KindDifferences differences;
  for (const RunRecord& run : runs) differences.add(declared.kind_of(run, objective));
  if (differences.experiments.size() > 1) {
    throw Error(
        fmt::format("@best is ambiguous: runs of the sweep '{}' are of different experiments",
                    printable(sweep, 80)),
        folder(), "`epochal best --metric NAME` shows the best run of each experiment");
  }
  for (const std::string& name : differences.parameters()) {
    throw Error(fmt::format("@best is ambiguous: {} differs in the sweep '{}', and changes what "
                            "{} means",
                            name, printable(sweep, 80), objective),
                folder(), "`epochal best` shows the best run of each value");
  }
  if (differences.lengths.size() > 1) {
    throw Error(fmt::format("@best is ambiguous: runs of the sweep '{}' have different lengths",
                            printable(sweep, 80)),
                folder(), "`epochal best` shows the best run of each length");
  }
  const MetricSummary summary = metric_summaries({runs.front().id})[runs.front().id][objective];
  if (summary.lowest) return runs.front();
  throw Error(fmt::format("no finished run of the sweep '{}' has a finite {}", printable(sweep, 80),
                          objective),
              folder(), "see `epochal ls`");
}

std::string Query::sweep_word(const std::string& word) const {
  Statement row(connection_.database(),
                "select name || '@' || substr(content_hash, 1, 10) from sweep where id = ?");
  row.bind(1, find_sweep(connection_.database(), word));
  row.executeStep();
  return row.getColumn(0).getString();
}

RunRecord Query::run_of_sweep(std::string_view sweep, std::string_view place) const {
  const std::size_t number = parsed_number<std::size_t>(place).value_or(0);
  if (number == 0) {
    throw Error(fmt::format("'{}:{}' is not a run", printable(sweep, 80), printable(place, 20)), {},
                "write SWEEP:3 for the third run of a sweep");
  }
  Statement row(
      connection_.database(),
      "select run_id from sweep_run where sweep_id = ? order by position limit 1 offset ?");
  row.bind(1, find_sweep(connection_.database(), std::string(sweep)));
  row.bind(2, static_cast<std::int64_t>(std::min<std::size_t>(number - 1, 1'000'000'000)));
  if (row.executeStep()) return run(RunId{row.getColumn(0).getInt64()});
  throw Error(fmt::format("the sweep '{}' has fewer than {} runs", printable(sweep, 80), number),
              folder(), "`epochal ls --sweep NAME --each` lists them in their order");
}

}  // namespace epochal::store

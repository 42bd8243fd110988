// Checks whether the rows of a store agree. SQLite checks pages, keys and the rules of each table;
// this recomputes summaries and compares them with the stored ones.

#include "db/maintenance/soundness.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "db/artifact_path.h"
#include "db/connection.h"
#include "db/in_quotes.h"
#include "db/query_columns.h"
#include "framework/base/bounded_json.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using SQLite::Statement;

constexpr std::size_t kMostExamples = 5;
constexpr std::string_view kChanged =
    "something else than epochal wrote them: use a backup of the store, or remove the runs with "
    "`epochal rm` and `epochal gc`";
constexpr std::string_view kReckonAgain =
    "lists and filters are wrong: copy the runs into a new store, which recomputes them, with "
    "`epochal merge OLD --store NEW`";

/// A fault that collects examples.
class Growing {
 public:
  Growing(std::string what, std::string_view advice)
      : fault_{std::move(what), {}, 0, false, std::string(advice)} {}

  void add(const std::string& run, const std::string& detail) {
    const std::string name = run.empty() ? "a run that is gone" : "run " + run;
    add(detail.empty() ? name : fmt::format("{} ({})", name, printable(detail, 80)));
  }

  void add(std::string example) {
    ++fault_.count;
    fault_.has_more = fault_.examples.size() == kMostExamples;
    if (!fault_.has_more) fault_.examples.push_back(std::move(example));
  }

  void move_into(std::vector<RowFault>& faults) {
    if (fault_.count > 0) faults.push_back(std::move(fault_));
  }

 private:
  RowFault fault_;
};

/// Each gives the run's short identity, if it has one, and a detail.
struct Rule {
  std::string_view what;
  const char* sql;
  std::string_view advice = kChanged;
};

constexpr std::array kRules{
    Rule{"run: invalid identities",
         "select '', 'number ' || id from run "
         "where length(identity) <> 64 or identity glob '*[^0-9a-f]*'"},
    Rule{"run: unknown statuses",
         "select substr(identity, 1, 10), status from run where status not in "
         "('queued', 'running', 'finished', 'failed', 'interrupted', 'stopped')"},
    Rule{"run: impossible numbers of epochs",
         "select substr(identity, 1, 10), epochs from run where epochs < 1"},
    Rule{"epoch: numbers below 1",
         "select substr(identity, 1, 10), 'epoch ' || number from epoch "
         "left join run on run.id = run_id where number < 1"},
    Rule{"epoch: epochs of an attempt of another run",
         "select substr(identity, 1, 10), 'epoch ' || number from epoch "
         "join run on run.id = epoch.run_id join attempt on attempt.id = attempt_id "
         "where attempt.run_id <> epoch.run_id"},
    Rule{"attempt: unknown end reasons",
         "select substr(identity, 1, 10), end_reason from attempt "
         "left join run on run.id = run_id where end_reason not in "
         "('finished', 'failed', 'interrupted', 'crashed', 'lost', 'stopped')"},
    Rule{"artifact: unknown kinds",
         "select substr(identity, 1, 10), kind from artifact left join run on run.id = run_id "
         "where kind not in ('checkpoint', 'sample', 'log', 'diff')"},
    Rule{"step_chunk: columns that contradict each other",
         "select substr(identity, 1, 10), name || ' from step ' || first_step from step_chunk "
         "left join run on run.id = run_id left join metric_name on metric_name.id = name_id "
         "where not step_columns_agree(first_step, last_step, stride, count, steps, vals)"},
    Rule{"artifact: unknown types",
         "select substr(identity, 1, 10), type from artifact left join run on run.id = run_id "
         "where type not in ('picture', 'text', 'table', 'audio', 'histogram', 'model', 'file')"},
    Rule{"parameter: unknown types",
         "select substr(identity, 1, 10), name from parameter left join run on run.id = run_id "
         "where parameter.type not in ('boolean', 'integer', 'real', 'text')"},
    Rule{"run: epochs_done is not the number of its epochs",
         "select substr(identity, 1, 10), 'says ' || epochs_done || ', has ' || there from "
         "(select identity, epochs_done, (select count(*) from epoch where run_id = run.id) as "
         "there from run) where epochs_done is not there",
         kReckonAgain},
    // The order of a sum changes its last digits.
    Rule{"run: trained_seconds is not the sum of its epochs' seconds",
         "select substr(identity, 1, 10), 'says ' || trained_seconds || ', has ' || there from "
         "(select identity, trained_seconds, "
         "(select coalesce(sum(seconds), 0) from epoch where run_id = run.id) as there from run) "
         "where abs(trained_seconds - there) > 1e-6 * (1 + abs(there))",
         kReckonAgain},
};

void check(SQLite::Database& database, const Rule& rule, std::vector<RowFault>& faults) {
  Growing fault(std::string(rule.what), rule.advice);
  Statement row(database, rule.sql);
  while (row.executeStep()) {
    fault.add(row.getColumn(0).getString(), row.getColumn(1).getString());
  }
  fault.move_into(faults);
}

/// By run, the rows of a table that refer to a missing row of another.
std::string sql_of_orphans(SQLite::Database& database, const std::string& table,
                           const std::string& parent) {
  std::map<int, std::string> found;  // by key: a table may have several keys to the same table
  std::string there;
  Statement key(database,
                "select id, \"from\", \"to\" from pragma_foreign_key_list(:table) "
                "where \"table\" = :parent order by id, seq");
  key.bind(":table", table);
  key.bind(":parent", parent);
  while (key.executeStep()) {
    const std::string own = "child." + in_quotes(key.getColumn(1).getString());
    std::string& condition = found[key.getColumn(0).getInt()];
    condition += fmt::format("{}parent.{} = {}", condition.empty() ? "" : " and ",
                             in_quotes(key.getColumn(2).getString()), own);
    there += fmt::format(" and {} is not null", own);
  }
  std::string missing;
  for (const auto& [id, condition] : found) {
    missing += fmt::format("{}not exists (select 1 from {} as parent where {})",
                           missing.empty() ? "" : " or ", in_quotes(parent), condition);
  }
  return fmt::format(
      "select substr(identity, 1, 10), count(*) from {} as child "
      "left join run on run.id = child.run_id where ({}){} group by child.run_id",
      in_quotes(table), missing, there);
}

void check_references(SQLite::Database& database, std::vector<RowFault>& faults) {
  Statement broken(database,
                   "select \"table\", parent, count(*) from pragma_foreign_key_check "
                   "group by \"table\", parent");
  while (broken.executeStep()) {
    const std::string table = broken.getColumn(0).getString();
    const std::string parent = broken.getColumn(1).getString();
    const std::int64_t count = broken.getColumn(2).getInt64();
    RowFault fault{fmt::format("{}: rows without their row in {}", table, parent),
                   {},
                   count,
                   false,
                   std::string(kChanged)};
    Statement row(database, sql_of_orphans(database, table, parent));
    while (!fault.has_more && row.executeStep()) {
      fault.has_more = fault.examples.size() == kMostExamples;
      if (fault.has_more) break;
      const std::string run = row.getColumn(0).getString();
      fault.examples.push_back(fmt::format("{} ({} rows)",
                                           run.empty() ? "a run that is gone" : "run " + run,
                                           row.getColumn(1).getInt64()));
    }
    faults.push_back(std::move(fault));
  }
}

// The summary of one metric of one run, as Store keeps it.
struct Summary {
  std::optional<double> last, lowest, highest, total;
  std::int64_t last_epoch = 0, lowest_epoch = 0, highest_epoch = 0;
  std::int64_t count = 0;

  void add(std::int64_t epoch, std::optional<double> value) {
    const bool is_first = count++ == 0;
    last = value;
    last_epoch = epoch;
    size_ += std::abs(value.value_or(0));
    total = value && (is_first || total) ? std::optional(total.value_or(0) + *value) : std::nullopt;
    if (!value) return;
    if (!lowest || *value < *lowest) {
      lowest = value;
      lowest_epoch = epoch;
    }
    if (!highest || *value > *highest) {
      highest = value;
      highest_epoch = epoch;
    }
  }

  /// The first difference to the stored summary; empty if there is none.
  std::string difference(const Summary& kept) const {
    if (count != kept.count) return fmt::format("says {} values, has {}", kept.count, count);
    if (last != kept.last || last_epoch != kept.last_epoch) return "another last value";
    if (lowest != kept.lowest || lowest_epoch != kept.lowest_epoch) return "another lowest value";
    if (highest != kept.highest || highest_epoch != kept.highest_epoch) {
      return "another highest value";
    }
    // Sums beyond the range of doubles count as equal.
    if (!std::isfinite(size_)) return {};
    const bool is_same = total.has_value() == kept.total.has_value() &&
                         (!total || std::abs(*total - *kept.total) <= 1e-9 * size_);
    return is_same ? "" : "another mean";
  }

 private:
  double size_ = 0;
};

/// Reads the rows of `metric` or `metric_summary`, both in the order of run and metric.
class SummaryCheck {
 public:
  explicit SummaryCheck(SQLite::Database& database)
      : database_(database),
        metric_(database,
                "select run_id, name_id, epoch, value from metric order by run_id, name_id, epoch"),
        kept_(database,
              "select run_id, name_id, last, last_epoch, lowest, lowest_epoch, highest, "
              "highest_epoch, total, count from metric_summary order by run_id, name_id"),
        fault_("metric_summary: does not agree with the values", kReckonAgain) {}

  void run(std::vector<RowFault>& faults) {
    has_metric_ = metric_.executeStep();
    has_kept_ = kept_.executeStep();
    while (has_metric_ || has_kept_) {
      const bool is_kept = has_kept_ && (!has_metric_ || key_of(kept_) <= key_of(metric_));
      const bool is_there = has_metric_ && (!has_kept_ || key_of(metric_) <= key_of(kept_));
      const Key key = is_kept ? key_of(kept_) : key_of(metric_);
      const Summary kept = is_kept ? next_kept() : Summary();
      const Summary there = is_there ? next_there(key) : Summary();
      if (const std::string difference = there.difference(kept); !difference.empty()) {
        fault_.add(identity_of(key.first), fmt::format("{}: {}", name_of(key.second), difference));
      }
    }
    fault_.move_into(faults);
  }

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;

  static Key key_of(Statement& row) {
    return {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
  }

  Summary next_there(const Key& key) {
    Summary summary;
    do {
      summary.add(metric_.getColumn(2).getInt64(), optional_real(metric_.getColumn(3)));
      has_metric_ = metric_.executeStep();
    } while (has_metric_ && key_of(metric_) == key);
    return summary;
  }

  Summary next_kept() {
    Summary summary;
    summary.last = optional_real(kept_.getColumn(2));
    summary.last_epoch = kept_.getColumn(3).getInt64();
    summary.lowest = optional_real(kept_.getColumn(4));
    summary.lowest_epoch = kept_.getColumn(5).getInt64();
    summary.highest = optional_real(kept_.getColumn(6));
    summary.highest_epoch = kept_.getColumn(7).getInt64();
    summary.total = optional_real(kept_.getColumn(8));
    summary.count = kept_.getColumn(9).getInt64();
    has_kept_ = kept_.executeStep();
    return summary;
  }

  std::string identity_of(std::int64_t run) const {
    return text_of("select substr(identity, 1, 10) from run where id = :id", run);
  }

  std::string name_of(std::int64_t metric) const {
    return text_of("select name from metric_name where id = :id", metric);
  }

  std::string text_of(const char* sql, std::int64_t id) const {
    Statement row(database_, sql);
    row.bind(":id", id);
    return row.executeStep() ? row.getColumn(0).getString() : "";
  }

  SQLite::Database& database_;
  Statement metric_;
  Statement kept_;
  Growing fault_;
  bool has_metric_ = false;
  bool has_kept_ = false;
};

/// Uses the readers of the store: a row that they cannot read is a fault.
bool is_json(const std::string& text, bool wants_object) {
  const nlohmann::json value = bounded_json(text);
  return wants_object ? value.is_object() : value.is_array();
}

/// `rows` selects a name and a list for each row.
void check_lists(SQLite::Database& database, const char* what, const char* rows,
                 const std::string& prefix, std::vector<RowFault>& faults) {
  Growing fault(what, kChanged);
  Statement row(database, rows);
  while (row.executeStep()) {
    if (is_json(row.getColumn(1).getString(), false)) continue;
    fault.add(prefix + printable(row.getColumn(0).getString(), 80));
  }
  fault.move_into(faults);
}

void check_json(SQLite::Database& database, std::vector<RowFault>& faults) {
  Growing attempts("attempt: libraries or environment that are not JSON", kChanged);
  Statement attempt(database,
                    "select substr(identity, 1, 10), libraries, environment from attempt "
                    "left join run on run.id = run_id");
  while (attempt.executeStep()) {
    for (const int column : {1, 2}) {
      if (is_json(attempt.getColumn(column).getString(), true)) continue;
      attempts.add(attempt.getColumn(0).getString(), column == 1 ? "libraries" : "environment");
    }
  }
  attempts.move_into(faults);

  check_lists(database, "sweep: overrides that are not JSON", "select name, overrides from sweep",
              "sweep ", faults);
  check_lists(database, "declared_metric: lists of parameters that are not JSON",
              "select experiment || ' ' || name, independent_of from declared_metric", "", faults);
}

void check_paths(SQLite::Database& database, const fs::path& folder,
                 std::vector<RowFault>& faults) {
  Growing fault("artifact: files that are outside of the store or behind a symbolic link",
                "do not trust this store; remove the runs with `epochal rm`");
  Statement row(database,
                "select substr(identity, 1, 10), path from artifact "
                "left join run on run.id = run_id");
  while (row.executeStep()) {
    const std::string path = row.getColumn(1).getString();
    if (!is_within_store(folder, path)) fault.add(row.getColumn(0).getString(), path);
  }
  fault.move_into(faults);
}

/// The messages of integrity_check about values, in all versions so far.
bool is_of_a_rule(std::string_view message) {
  constexpr std::array<std::string_view, 4> kOfValues{
      "CHECK constraint failed in ", "NULL value in ", " value in ", "non-unique entry in index "};
  return std::any_of(kOfValues.begin(), kOfValues.end(), [&](std::string_view part) {
    return message.find(part) != std::string_view::npos;
  });
}

/// Used if none of our checks has named the runs.
void add_rule(const std::string& message, std::vector<RowFault>& faults) {
  const bool is_named = std::any_of(faults.begin(), faults.end(), [&](const RowFault& fault) {
    return message.ends_with(" " + fault.what.substr(0, fault.what.find(':')));
  });
  if (is_named) return;
  faults.push_back(
      {"rows that violate a rule of their table", {message}, 1, false, std::string(kChanged)});
}

}  // namespace

SelfCheck self_check(SQLite::Database& database, const fs::path& file) {
  // SQLite does not check CHECK constraints in a read-only database.
  std::unique_ptr<SQLite::Database> writable;
  if (access(file.c_str(), W_OK) == 0 && access(file.parent_path().c_str(), W_OK) == 0) {
    writable = open_database(file, SQLite::OPEN_READWRITE);
    writable->exec("pragma query_only = on; pragma trusted_schema = off");
    be_patient(*writable);
  }
  SelfCheck check;
  Statement row(writable ? *writable : database, "pragma integrity_check(100)");
  while (check.damage.empty() && row.executeStep()) {
    const std::string message = row.getColumn(0).getString();
    if (message == "ok") continue;
    if (!is_of_a_rule(message)) {
      check.damage = message;
    } else if (std::find(check.rules.begin(), check.rules.end(), message) == check.rules.end()) {
      check.rules.push_back(message);
    }
  }
  return check;
}

std::vector<RowFault> row_faults(SQLite::Database& database, const fs::path& folder,
                                 const std::vector<std::string>& rules) {
  // A snapshot of the store, even if others write meanwhile.
  const SQLite::Transaction moment(database);
  std::vector<RowFault> faults;
  for (const Rule& rule : kRules) check(database, rule, faults);
  check_references(database, faults);
  for (const std::string& message : rules) add_rule(message, faults);
  SummaryCheck(database).run(faults);
  check_json(database, faults);
  check_paths(database, folder, faults);
  return faults;
}

}  // namespace epochal::store

// Adaptive searches: their trials, and the runs of these.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

namespace {

bool has_trial(SQLite::Database& database, std::int64_t sweep, RunId run) {
  Statement row(database,
                "select 1 from search_trial where sweep_id = :sweep and run_id = :run limit 1");
  row.bind(":sweep", sweep);
  row.bind(":run", run.value);
  return row.executeStep();
}

std::int64_t next_number(SQLite::Database& database, std::int64_t sweep) {
  Statement row(database, "select max(number) + 1 from search_trial where sweep_id = :sweep");
  row.bind(":sweep", sweep);
  row.executeStep();
  return row.getColumn(0).getInt64();
}

}  // namespace

std::int64_t Store::record_search(const SweepRecord& sweep) {
  Transaction transaction(connection_.database(), kWrite);
  const std::int64_t id = upsert_sweep(sweep);
  transaction.commit();
  return id;
}

std::optional<SearchTrial> Store::add_trial(
    const std::function<std::optional<SearchTrial>()>& ask) {
  Transaction transaction(connection_.database(), kWrite);
  std::optional<SearchTrial> trial = ask();
  if (!trial) return std::nullopt;
  insert_trial(*trial);
  transaction.commit();
  return trial;
}

void Store::insert_trial(const SearchTrial& trial) {
  const PreparedStatement insert = statements_.prepare(
      "insert into search_trial (sweep_id, number, run_id, asked_at, point, method, ended, "
      "running) "
      "values (:sweep, :number, :run, :at, :point, :method, :ended, :running) "
      "on conflict do nothing");
  insert->bind(":sweep", trial.sweep);
  insert->bind(":number", trial.number);
  bind_optional(*insert, ":run",
                trial.run ? std::optional(trial.run->value) : std::optional<std::int64_t>());
  insert->bind(":at", trial.asked_at);
  insert->bind(":point", trial.point);
  insert->bind(":method", trial.is_model ? "model" : "startup");
  insert->bind(":ended", trial.ended);
  insert->bind(":running", trial.running);
  insert->exec();
}

void Store::import_trial(SearchTrial trial) {
  SQLite::Database& database = connection_.database();
  if (trial.run && has_trial(database, trial.sweep, *trial.run)) return;
  Statement there(database,
                  "select point, run_id is null from search_trial "
                  "where sweep_id = :sweep and number = :number");
  there.bind(":sweep", trial.sweep);
  there.bind(":number", trial.number);
  if (!there.executeStep()) {
    insert_trial(trial);
    return;
  }
  if (!trial.run) return;
  const bool is_open = there.getColumn(1).getInt() != 0;
  if (is_open && there.getColumn(0).getString() == trial.point) {
    join_trial(trial.sweep, trial.number, *trial.run);
    return;
  }
  // Both stores went on with the search: what the other one asked for comes after the trials here.
  trial.number = next_number(database, trial.sweep);
  insert_trial(trial);
  Statement place(
      database, "update sweep_run set position = :place where sweep_id = :sweep and run_id = :run");
  place.bind(":place", trial.number + 1);
  place.bind(":sweep", trial.sweep);
  place.bind(":run", trial.run->value);
  place.exec();
}

std::vector<RunId> Store::record_trials(std::int64_t sweep,
                                        const std::map<std::int64_t, RunRecord>& runs) {
  Transaction transaction(connection_.database(), kWrite);
  std::vector<RunId> ids;
  for (const auto& [number, run] : runs) {
    ids.push_back(queue_run(run));
    join_trial(sweep, number, ids.back());
  }
  transaction.commit();
  return ids;
}

void Store::join_trial(std::int64_t sweep, std::int64_t number, RunId run) {
  const PreparedStatement update = statements_.prepare(
      "update search_trial set run_id = :run where sweep_id = :sweep and number = :number");
  update->bind(":run", run.value);
  update->bind(":sweep", sweep);
  update->bind(":number", number);
  update->exec();
  // Input files may have changed: then the point has another run than before.
  const PreparedStatement forget = statements_.prepare(
      "delete from sweep_run where sweep_id = :sweep and position = :place and run_id != :run and "
      "run_id not in (select run_id from search_trial where sweep_id = :sweep and run_id not "
      "null)");
  forget->bind(":sweep", sweep);
  forget->bind(":place", number + 1);
  forget->bind(":run", run.value);
  forget->exec();
  const PreparedStatement join = statements_.prepare(
      "insert into sweep_run (sweep_id, run_id, position) values (:sweep, :run, :place) "
      "on conflict do nothing");
  join->bind(":sweep", sweep);
  join->bind(":run", run.value);
  join->bind(":place", number + 1);
  join->exec();
}

}  // namespace epochal::store

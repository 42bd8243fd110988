// Adaptive searches: their trials, and the runs of these.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

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
  statements_.execute(
      "insert into search_trial (sweep_id, number, run_id, asked_at, point, method, ended, "
      "running) "
      "values (:sweep, :number, :run, :at, :point, :method, :ended, :running) "
      "on conflict do nothing",
      {{":sweep", trial.sweep},
       {":number", trial.number},
       {":run", trial.run ? std::optional(trial.run->value) : std::nullopt},
       {":at", trial.asked_at},
       {":point", trial.point},
       {":method", trial.is_model ? "model" : "startup"},
       {":ended", trial.ended},
       {":running", trial.running}});
}

void Store::import_trial(SearchTrial trial) {
  const bool is_known =
      trial.run &&
      statements_.integer(
          "select 1 from search_trial where sweep_id = :sweep and run_id = :run limit 1",
          {{":sweep", trial.sweep}, {":run", trial.run->value}});
  if (is_known) return;
  Statement there(connection_.database(),
                  "select point, run_id is null from search_trial "
                  "where sweep_id = :sweep and number = :number");
  bind_values(there, {{":sweep", trial.sweep}, {":number", trial.number}});
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
  trial.number =
      *statements_.integer("select max(number) + 1 from search_trial where sweep_id = :sweep",
                           {{":sweep", trial.sweep}});
  insert_trial(trial);
  statements_.execute(
      "update sweep_run set position = :place where sweep_id = :sweep and run_id = :run",
      {{":place", trial.number + 1}, {":sweep", trial.sweep}, {":run", trial.run->value}});
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
  statements_.execute(
      "update search_trial set run_id = :run where sweep_id = :sweep and number = :number",
      {{":run", run.value}, {":sweep", sweep}, {":number", number}});
  // Input files may have changed: then the point has another run than before.
  statements_.execute(
      "delete from sweep_run where sweep_id = :sweep and position = :place and run_id != :run and "
      "run_id not in (select run_id from search_trial where sweep_id = :sweep and run_id not "
      "null)",
      {{":sweep", sweep}, {":place", number + 1}, {":run", run.value}});
  put_into_sweep(statements_, sweep, run, number + 1);
}

}  // namespace epochal::store

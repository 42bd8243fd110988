// Runs that are resumed or started again.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

void Store::queue_again(const std::vector<RunId>& runs, RunStatus from) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement queue(database,
                  "update run set status = 'queued', error = null "
                  "where id = :run and status = :from");
  for (const RunId run : runs) {
    queue.bind(":run", run.value);
    queue.bind(":from", std::string(name_of(from)));
    queue.exec();
    queue.reset();
  }
  transaction.commit();
}

void Store::retry_failed(const std::vector<RunId>& runs) {
  queue_again(runs, RunStatus::failed);
}

void Store::record_own_end(RunId run, Epoch epoch) {
  const PreparedStatement replace = statements_.prepare(
      "insert into choice (run_id, parameter, value) values (:run, :key, :epoch) "
      "on conflict do update set value = excluded.value");
  replace->bind(":run", run.value);
  replace->bind(":key", kOwnEnd);
  replace->bind(":epoch", std::to_string(epoch));
  replace->exec();
}

void Store::resume_stopped(const std::vector<RunId>& runs) {
  SQLite::Database& database = connection_.database();
  Statement own_end(database,
                    "select exists (select 1 from choice join run on run.id = run_id where "
                    "run_id = :run and parameter = :key and value = cast(epochs_done as text))");
  std::vector<RunId> stopped;
  for (const RunId run : runs) {
    own_end.bind(":run", run.value);
    own_end.bind(":key", kOwnEnd);
    own_end.executeStep();
    if (own_end.getColumn(0).getInt() == 0) stopped.push_back(run);
    own_end.reset();
  }
  queue_again(stopped, RunStatus::stopped);
}

void Store::restart_failed(const std::vector<RunId>& runs) {
  restart_if(runs, "status = 'failed'");
}

void Store::restart(const std::vector<RunId>& runs) {
  restart_if(runs, "status != 'running'");
}

void Store::restart_if(const std::vector<RunId>& runs, const std::string& condition) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement restart(database,
                    "update run set status = 'queued', error = null, ended_at = null "
                    "where id = :run and " +
                        condition);
  Statement metrics(database, "delete from metric where run_id = :run");
  Statement steps(database, "delete from step_chunk where run_id = :run");
  Statement samples(database, "delete from sample_values where run_id = :run");
  Statement epochs(database, "delete from epoch where run_id = :run");
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch is not null");
  Statement choices(database, "delete from choice where run_id = :run");
  for (const RunId run : runs) {
    restart.bind(":run", run.value);
    const bool begins_again = restart.exec() == 1;
    restart.reset();
    if (!begins_again) continue;
    for (Statement* forget : {&metrics, &steps, &samples, &epochs, &artifacts, &choices}) {
      forget->bind(":run", run.value);
      forget->exec();
      forget->reset();
    }
    summarise_again(run);
  }
  transaction.commit();
}

}  // namespace epochal::store

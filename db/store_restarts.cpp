// Runs that get another chance: they go on, or begin again.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal {

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

void Store::resume_stopped(const std::vector<RunId>& runs) {
  queue_again(runs, RunStatus::stopped);
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
  Statement epochs(database, "delete from epoch where run_id = :run");
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch is not null");
  Statement choices(database, "delete from choice where run_id = :run");
  for (const RunId run : runs) {
    restart.bind(":run", run.value);
    const bool begins_again = restart.exec() == 1;
    restart.reset();
    if (!begins_again) continue;
    for (Statement* forget : {&metrics, &steps, &epochs, &artifacts, &choices}) {
      forget->bind(":run", run.value);
      forget->exec();
      forget->reset();
    }
    summarise_again(run);
  }
  transaction.commit();
}

}  // namespace epochal

// Runs that are resumed or started again.

#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

void Store::queue_again(const std::vector<RunId>& runs, RunStatus from) {
  Transaction transaction(connection_.database(), kWrite);
  for (const RunId run : runs) {
    statements_.execute(
        "update run set status = 'queued', error = null where id = :run and status = :from",
        {{":run", run.value}, {":from", name_of(from)}});
  }
  transaction.commit();
}

void Store::retry_failed(const std::vector<RunId>& runs) {
  queue_again(runs, RunStatus::failed);
}

void Store::record_own_end(RunId run, Epoch epoch) {
  replace_choice(run, kOwnEnd, std::to_string(epoch));
}

void Store::resume_stopped(const std::vector<RunId>& runs) {
  std::vector<RunId> stopped;
  for (const RunId run : runs) {
    const auto own_end = statements_.integer(
        "select exists (select 1 from choice join run on run.id = run_id where "
        "run_id = :run and parameter = :key and value = cast(epochs_done as text))",
        {{":run", run.value}, {":key", kOwnEnd}});
    if (own_end == 0) stopped.push_back(run);
  }
  queue_again(stopped, RunStatus::stopped);
}

void Store::restart_failed(const std::vector<RunId>& runs) {
  restart_by(
      "update run set status = 'queued', error = null, ended_at = null "
      "where id = :run and status = 'failed'",
      runs);
}

void Store::restart(const std::vector<RunId>& runs) {
  restart_by(
      "update run set status = 'queued', error = null, ended_at = null "
      "where id = :run and status != 'running'",
      runs);
}

void Store::restart_by(const char* begin, const std::vector<RunId>& runs) {
  Transaction transaction(connection_.database(), kWrite);
  for (const RunId run : runs) {
    if (statements_.execute(begin, {{":run", run.value}}) != 1) continue;
    for (const char* forget :
         {"delete from metric where run_id = :run", "delete from step_chunk where run_id = :run",
          "delete from sample_values where run_id = :run", "delete from epoch where run_id = :run",
          "delete from artifact where run_id = :run and epoch is not null",
          "delete from choice where run_id = :run"}) {
      statements_.execute(forget, {{":run", run.value}});
    }
    summarise_again(run);
  }
  transaction.commit();
}

}  // namespace epochal::store

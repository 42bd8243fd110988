// Job arrays of a cluster, and the runs of their tasks.

#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

void Store::add_cluster_job(ClusterJob& job) {
  Transaction transaction(connection_.database(), kWrite);
  job.id = *statements_.integer(
      "insert into cluster_job (scheduler, job, folder, submitted_at) "
      "values ('slurm', :job, :folder, :at) returning id",
      {{":job", job.job}, {":folder", job.folder}, {":at", now()}});
  for (const auto& [run, number] : job.tasks) {
    statements_.execute(
        "insert into cluster_task (job_id, run_id, task) values (:job, :run, :task)",
        {{":job", job.id}, {":run", run.value}, {":task", number}});
  }
  transaction.commit();
}

void Store::end_cluster_job(const ClusterJob& job) {
  statements_.execute("update cluster_job set ended_at = :at where id = :id",
                      {{":at", now()}, {":id", job.id}});
}

}  // namespace epochal::store

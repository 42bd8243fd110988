// Job arrays of a cluster, and the runs of their tasks.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

void Store::add_cluster_job(ClusterJob& job) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement insert(database,
                   "insert into cluster_job (scheduler, job, folder, submitted_at) "
                   "values ('slurm', :job, :folder, :at) returning id");
  insert.bind(":job", job.job);
  insert.bind(":folder", job.folder);
  insert.bind(":at", now());
  insert.executeStep();
  job.id = insert.getColumn(0).getInt64();
  insert.reset();
  Statement task(database,
                 "insert into cluster_task (job_id, run_id, task) values (:job, :run, :task)");
  for (const auto& [run, number] : job.tasks) {
    task.bind(":job", job.id);
    task.bind(":run", run.value);
    task.bind(":task", number);
    task.exec();
    task.reset();
  }
  transaction.commit();
}

void Store::end_cluster_job(const ClusterJob& job) {
  Statement end(connection_.database(), "update cluster_job set ended_at = :at where id = :id");
  end.bind(":at", now());
  end.bind(":id", job.id);
  end.exec();
}

}  // namespace epochal::store

// Epochs with their metrics, and their summaries by run.

#include <SQLiteCpp/Transaction.h>

#include <cmath>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

std::int64_t Store::metric_name_id(const std::string& name) {
  const auto known =
      statements_.integer("select id from metric_name where name = :name", {{":name", name}});
  if (known) return *known;
  return *statements_.integer("insert into metric_name (name) values (:name) returning id",
                              {{":name", name}});
}

void Store::insert_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch) {
  statements_.execute(
      "insert into epoch (run_id, number, attempt_id, started_at, seconds, "
      "train_seconds, data_wait_seconds, samples, learning_rate, peak_host_bytes, "
      "peak_device_bytes, cpu_use, gpu_use, steps) values (:run, :number, :attempt, :at, "
      ":seconds, :train, :wait, :samples, :lr, :host_bytes, :device_bytes, :cpu_use, "
      ":gpu_use, :steps)",
      {{":run", run.value},
       {":number", epoch.number},
       {":attempt", attempt.value},
       {":at", epoch.started_at},
       {":seconds", epoch.seconds.count()},
       {":train", epoch.train_seconds.count()},
       {":wait", epoch.data_wait_seconds.count()},
       {":samples", epoch.samples},
       {":lr", epoch.learning_rate},
       {":host_bytes", epoch.peak_host_memory},
       {":device_bytes", epoch.peak_device_memory},
       {":cpu_use", epoch.cpu_use},
       {":gpu_use", epoch.gpu_use},
       {":steps", epoch.steps}});
  statements_.execute(
      "update run set epochs_done = epochs_done + 1, "
      "trained_seconds = trained_seconds + :seconds where id = :run",
      {{":seconds", epoch.seconds.count()}, {":run", run.value}});

  const PreparedStatement measure = statements_.prepare(
      "insert into metric (run_id, name_id, epoch, value) "
      "values (:run, :name, :epoch, :value)");
  for (const auto& [name, value] : epoch.metrics) {
    const std::int64_t name_id = metric_name_id(name);
    // NULL is the schema's NaN.
    const auto kept = std::isnan(value) ? std::nullopt : std::optional(value);
    execute(*measure,
            {{":run", run.value}, {":name", name_id}, {":epoch", epoch.number}, {":value", kept}});
    add_to_summary(run, name_id, epoch.number, kept);
  }
  insert_utilisation(run, epoch);
  insert_validation_samples(run, epoch.number, epoch.validation_samples);
}

void Store::add_to_summary(RunId run, std::int64_t metric_name, Epoch epoch,
                           std::optional<double> value) {
  // On the right side of `set`, all names mean the old row.
  statements_.execute(
      "insert into metric_summary (name_id, run_id, last, last_epoch, lowest, lowest_epoch, "
      "highest, highest_epoch, total, count) values (:name, :run, :value, :epoch, :value, "
      "iif(:value is null, null, :epoch), :value, iif(:value is null, null, :epoch), :value, 1) "
      "on conflict (run_id, name_id) do update set last = excluded.last, "
      "last_epoch = excluded.last_epoch, "
      "lowest_epoch = iif(lowest is null or excluded.lowest < lowest, excluded.lowest_epoch, "
      "lowest_epoch), "
      "lowest = iif(lowest is null or excluded.lowest < lowest, excluded.lowest, lowest), "
      "highest_epoch = iif(highest is null or excluded.highest > highest, excluded.highest_epoch, "
      "highest_epoch), "
      "highest = iif(highest is null or excluded.highest > highest, excluded.highest, highest), "
      "total = total + excluded.total, count = count + 1",
      {{":name", metric_name}, {":run", run.value}, {":epoch", epoch}, {":value", value}});
}

void Store::summarise_again(RunId run) {
  statements_.execute(
      "update run set epochs_done = (select count(*) from epoch where run_id = run.id), "
      "trained_seconds = (select coalesce(sum(seconds), 0) from epoch "
      "where run_id = run.id) where id = :run",
      {{":run", run.value}});
  statements_.execute("delete from metric_summary where run_id = :run", {{":run", run.value}});

  const PreparedStatement metric = statements_.prepare(
      "select name_id, epoch, value from metric where run_id = :run "
      "order by name_id, epoch");
  metric->bind(":run", run.value);
  while (metric->executeStep()) {
    std::optional<double> value;
    if (!metric->getColumn(2).isNull()) value = metric->getColumn(2).getDouble();
    add_to_summary(run, metric->getColumn(0).getInt64(), metric->getColumn(1).getInt(), value);
  }
}

void Store::insert_utilisation(RunId run, const EpochRecord& epoch) {
  const PreparedStatement insert = statements_.prepare(
      "insert into utilisation (run_id, epoch, seconds, cpu, host_bytes, gpu, "
      "gpu_bytes) values (:run, :epoch, :seconds, :cpu, :host, :gpu, :gpu_bytes) "
      "on conflict do nothing");
  for (const Utilisation& point : epoch.utilisation) {
    execute(*insert, {{":run", run.value},
                      {":epoch", epoch.number},
                      {":seconds", point.middle.count()},
                      {":cpu", point.cpu},
                      {":host", point.host_bytes},
                      {":gpu", point.gpu},
                      {":gpu_bytes", point.gpu_bytes}});
  }
}

void Store::commit_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch,
                         const std::vector<ArtifactRecord>& artifacts,
                         const std::vector<Epoch>& dropped_checkpoints,
                         const std::function<void()>& publish) {
  Transaction transaction(connection_.database(), kWrite);
  check_goes_on(attempt);
  if (publish) publish();
  insert_epoch(run, attempt, epoch);
  for (const ArtifactRecord& artifact : artifacts) insert_artifact(statements_, run, artifact);
  for (const Epoch dropped : dropped_checkpoints) {
    statements_.execute(
        "delete from artifact where run_id = :run and kind = 'checkpoint' and epoch = :epoch",
        {{":run", run.value}, {":epoch", dropped}});
  }
  statements_.execute(
      "update attempt set first_epoch = coalesce(first_epoch, :epoch), "
      "last_epoch = :epoch where id = :attempt",
      {{":epoch", epoch.number}, {":attempt", attempt.value}});
  transaction.commit();
}

void Store::drop_epochs_after(RunId run, AttemptId attempt, Epoch last) {
  Transaction transaction(connection_.database(), kWrite);
  check_goes_on(attempt);
  // Metrics first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  for (const char* forget : {"delete from metric where run_id = :run and epoch > :last",
                             "delete from sample_values where run_id = :run and epoch > :last",
                             "delete from step_chunk where run_id = :run and epoch > :last",
                             "delete from epoch where run_id = :run and number > :last",
                             "delete from artifact where run_id = :run and epoch > :last"}) {
    statements_.execute(forget, {{":run", run.value}, {":last", last}});
  }
  summarise_again(run);
  transaction.commit();
}

}  // namespace epochal::store

// Epochs with their metrics, and their summaries by run.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cmath>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

std::int64_t Store::metric_name_id(const std::string& name) {
  const PreparedStatement find =
      statements_.prepare("select id from metric_name where name = :name");
  find->bind(":name", name);
  if (find->executeStep()) return find->getColumn(0).getInt64();
  const PreparedStatement insert =
      statements_.prepare("insert into metric_name (name) values (:name) returning id");
  insert->bind(":name", name);
  insert->executeStep();
  const std::int64_t id = insert->getColumn(0).getInt64();
  insert->reset();
  return id;
}

void Store::insert_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch) {
  const PreparedStatement insert = statements_.prepare(
      "insert into epoch (run_id, number, attempt_id, started_at, seconds, "
      "train_seconds, data_wait_seconds, samples, learning_rate, peak_host_bytes, "
      "peak_device_bytes, cpu_use, gpu_use, steps) values (:run, :number, :attempt, :at, "
      ":seconds, :train, :wait, :samples, :lr, :host_bytes, :device_bytes, :cpu_use, "
      ":gpu_use, :steps)");
  insert->bind(":run", run.value);
  insert->bind(":number", epoch.number);
  insert->bind(":attempt", attempt.value);
  insert->bind(":at", epoch.started_at);
  insert->bind(":seconds", epoch.seconds.count());
  insert->bind(":train", epoch.train_seconds.count());
  insert->bind(":wait", epoch.data_wait_seconds.count());
  insert->bind(":samples", epoch.samples);
  bind_optional(*insert, ":lr", epoch.learning_rate);
  bind_optional(*insert, ":host_bytes", epoch.peak_host_memory);
  bind_optional(*insert, ":device_bytes", epoch.peak_device_memory);
  bind_optional(*insert, ":cpu_use", epoch.cpu_use);
  bind_optional(*insert, ":gpu_use", epoch.gpu_use);
  bind_optional(*insert, ":steps", epoch.steps);
  insert->exec();

  const PreparedStatement count = statements_.prepare(
      "update run set epochs_done = epochs_done + 1, "
      "trained_seconds = trained_seconds + :seconds where id = :run");
  count->bind(":seconds", epoch.seconds.count());
  count->bind(":run", run.value);
  count->exec();

  const PreparedStatement measure = statements_.prepare(
      "insert into metric (run_id, name_id, epoch, value) "
      "values (:run, :name, :epoch, :value)");
  for (const auto& [name, value] : epoch.metrics) {
    const std::int64_t name_id = metric_name_id(name);
    // NULL is the schema's NaN.
    const auto kept = std::isnan(value) ? std::nullopt : std::optional(value);
    measure->bind(":run", run.value);
    measure->bind(":name", name_id);
    measure->bind(":epoch", epoch.number);
    bind_optional(*measure, ":value", kept);
    measure->exec();
    measure->reset();
    add_to_summary(run, name_id, epoch.number, kept);
  }
  insert_utilisation(run, epoch);
  insert_validation_samples(run, epoch.number, epoch.validation_samples);
}

void Store::add_to_summary(RunId run, std::int64_t metric_name, Epoch epoch,
                           std::optional<double> value) {
  // On the right side of `set`, all names mean the old row.
  const PreparedStatement upsert = statements_.prepare(
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
      "total = total + excluded.total, count = count + 1");
  upsert->bind(":name", metric_name);
  upsert->bind(":run", run.value);
  upsert->bind(":epoch", epoch);
  bind_optional(*upsert, ":value", value);
  upsert->exec();
}

void Store::summarise_again(RunId run) {
  const PreparedStatement count = statements_.prepare(
      "update run set epochs_done = (select count(*) from epoch where run_id = run.id), "
      "trained_seconds = (select coalesce(sum(seconds), 0) from epoch "
      "where run_id = run.id) where id = :run");
  count->bind(":run", run.value);
  count->exec();
  const PreparedStatement forget =
      statements_.prepare("delete from metric_summary where run_id = :run");
  forget->bind(":run", run.value);
  forget->exec();

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
    insert->bind(":run", run.value);
    insert->bind(":epoch", epoch.number);
    insert->bind(":seconds", point.middle.count());
    bind_optional(*insert, ":cpu", point.cpu);
    bind_optional(*insert, ":host", point.host_bytes);
    bind_optional(*insert, ":gpu", point.gpu);
    bind_optional(*insert, ":gpu_bytes", point.gpu_bytes);
    insert->exec();
    insert->reset();
  }
}

void Store::commit_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch,
                         const std::vector<ArtifactRecord>& artifacts,
                         const std::vector<Epoch>& dropped_checkpoints,
                         const std::function<void()>& publish) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);

  check_goes_on(attempt);
  if (publish) publish();
  insert_epoch(run, attempt, epoch);
  for (const ArtifactRecord& artifact : artifacts) insert_artifact(statements_, run, artifact);

  Statement drop(database,
                 "delete from artifact where run_id = :run and kind = 'checkpoint' "
                 "and epoch = :epoch");
  for (const Epoch dropped : dropped_checkpoints) {
    drop.bind(":run", run.value);
    drop.bind(":epoch", dropped);
    drop.exec();
    drop.reset();
  }

  Statement advance(database,
                    "update attempt set first_epoch = coalesce(first_epoch, :epoch), "
                    "last_epoch = :epoch where id = :attempt");
  advance.bind(":epoch", epoch.number);
  advance.bind(":attempt", attempt.value);
  advance.exec();
  transaction.commit();
}

void Store::drop_epochs_after(RunId run, AttemptId attempt, Epoch last) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  check_goes_on(attempt);
  // Deleted first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  Statement metrics(database, "delete from metric where run_id = :run and epoch > :last");
  metrics.bind(":run", run.value);
  metrics.bind(":last", last);
  metrics.exec();
  Statement samples(database, "delete from sample_values where run_id = :run and epoch > :last");
  samples.bind(":run", run.value);
  samples.bind(":last", last);
  samples.exec();
  Statement steps(database, "delete from step_chunk where run_id = :run and epoch > :last");
  steps.bind(":run", run.value);
  steps.bind(":last", last);
  steps.exec();
  Statement epochs(database, "delete from epoch where run_id = :run and number > :last");
  epochs.bind(":run", run.value);
  epochs.bind(":last", last);
  epochs.exec();
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch > :last");
  artifacts.bind(":run", run.value);
  artifacts.bind(":last", last);
  artifacts.exec();
  summarise_again(run);
  transaction.commit();
}

}  // namespace epochal::store

// Every write of epochal. One function, one transaction.

#include "db/store.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "db/store_statements.h"
#include "framework/base/sha256.h"

namespace epochal {

using SQLite::Statement;
using SQLite::Transaction;

Store::Store(const std::filesystem::path& folder)
    : connection_(Connection::open_for_writing(folder)), statements_(connection_.database()) {}

bool Store::is_out_of_room(const SQLite::Exception& exception) {
  return is_want_of_room(exception, connection_.database());
}

std::int64_t Store::upsert_sweep(const SweepRecord& sweep) {
  SQLite::Database& database = connection_.database();
  Statement upsert(database,
                   "insert into sweep (name, content_hash, file, text, overrides, compare_by, "
                   "recorded_at) values (:name, :hash, :file, :text, :overrides, :compare_by, :at) "
                   "on conflict (name, content_hash) do update set file = excluded.file, "
                   "text = excluded.text, overrides = excluded.overrides, "
                   "compare_by = excluded.compare_by, recorded_at = excluded.recorded_at "
                   "returning id");
  upsert.bind(":name", sweep.name);
  upsert.bind(":hash", sweep.content_hash);
  upsert.bind(":file", sweep.file);
  upsert.bind(":text", sweep.text);
  upsert.bind(":overrides", json_text(sweep.overrides));
  upsert.bind(":compare_by", sweep.compare_by);
  upsert.bind(":at", now());
  upsert.executeStep();
  const std::int64_t id = upsert.getColumn(0).getInt64();
  upsert.reset();
  return id;
}

std::vector<RunId> Store::record_sweep(const SweepRecord& sweep,
                                       const std::vector<RunRecord>& runs) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);

  const std::int64_t sweep_id = upsert_sweep(sweep);
  // Input files may have changed since the sweep ran last: then it asks for other runs now.
  Statement forget(database, "delete from sweep_run where sweep_id = :sweep");
  forget.bind(":sweep", sweep_id);
  forget.exec();

  std::vector<RunId> ids;
  Statement join(database,
                 "insert into sweep_run (sweep_id, run_id, position) values (:sweep, :run, :at) "
                 "on conflict do nothing");
  for (const RunRecord& run : runs) {
    ids.push_back(want_run(run));
    join.bind(":sweep", sweep_id);
    join.bind(":run", ids.back().value);
    join.bind(":at", static_cast<std::int64_t>(ids.size()));
    join.exec();
    join.reset();
  }
  transaction.commit();
  return ids;
}

RunId Store::want_run(const RunRecord& run) {
  SQLite::Database& database = connection_.database();
  const PreparedStatement find = statements_.prepare(
      "select id, epochs, status, trashed_at from run where identity = :identity");
  find->bind(":identity", run.identity);
  if (find->executeStep()) {
    const RunId id{find->getColumn(0).getInt64()};
    if (!find->getColumn(3).isNull()) take_out_of_trash(database, id);
    const RunStatus status = run_status(find->getColumn(2).getString());
    const bool is_over = status == RunStatus::finished || status == RunStatus::stopped;
    const bool is_longer = find->getColumn(1).getInt() < run.epochs;
    if (status != RunStatus::running && (is_longer || !is_over)) {
      set_parameters(id, run.parameters);
      set_command(id, run.command);
    }
    const bool goes_on = status == RunStatus::queued || status == RunStatus::interrupted;
    if (!is_longer && goes_on) ask_for_less(id, run.epochs);
    if (!is_longer) return id;
    const PreparedStatement extend =
        statements_.prepare("update run set epochs = :epochs where id = :run");
    extend->bind(":epochs", run.epochs);
    extend->bind(":run", id.value);
    extend->exec();
    if (is_over) change_status(id, RunStatus::queued);
    return id;
  }

  const PreparedStatement insert = statements_.prepare(
      "insert into run (identity, group_identity, experiment, experiment_version, seed, epochs, "
      "status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at) values (:identity, "
      ":group, :experiment, :version, :seed, :epochs, 'queued', :data, :weights, :code, :at) "
      "returning id");
  insert->bind(":identity", run.identity);
  insert->bind(":group", run.group_identity);
  insert->bind(":experiment", run.experiment);
  insert->bind(":version", run.experiment_version);
  insert->bind(":seed", static_cast<std::int64_t>(run.seed));
  insert->bind(":epochs", run.epochs);
  insert->bind(":data", run.inputs.data);
  insert->bind(":weights", run.inputs.weights);
  insert->bind(":code", run.code_version);
  insert->bind(":at", now());
  insert->executeStep();
  const RunId id{insert->getColumn(0).getInt64()};
  insert->reset();
  set_parameters(id, run.parameters);
  set_command(id, run.command);
  return id;
}

void Store::ask_for_less(RunId run, Epoch epochs) {
  const PreparedStatement shorten = statements_.prepare(
      "update run set status = iif(epochs_done >= :epochs, 'finished', status), "
      "epochs = max(:epochs, epochs_done) where id = :run and epochs > :epochs and epochs_done > "
      "0");
  shorten->bind(":epochs", epochs);
  shorten->bind(":run", run.value);
  shorten->exec();
}

void Store::set_parameters(RunId run, const Parameters& parameters) {
  for (const auto& [name, value] : parameters.all()) {
    set_parameter(statements_, run, name, value);
  }
}

void Store::change_status(RunId run, RunStatus to) {
  const PreparedStatement find = statements_.prepare("select status from run where id = :run");
  find->bind(":run", run.value);
  if (!find->executeStep()) throw std::logic_error("no such run");
  const RunStatus from = run_status(find->getColumn(0).getString());
  if (!may_become(from, to)) {
    throw std::logic_error(fmt::format("a {} run cannot become {}", name_of(from), name_of(to)));
  }
  find->reset();
  const PreparedStatement change =
      statements_.prepare("update run set status = :status where id = :run");
  change->bind(":status", std::string(name_of(to)));
  change->bind(":run", run.value);
  change->exec();
}

std::int64_t Store::host_id(const HostRecord& host) {
  const std::string fingerprint =
      sha256_of(json_text({host.name, host.cpu, host.cores, host.memory_bytes, host.gpu,
                           host.gpu_memory_bytes.value_or(0), host.gpu_driver, host.os}));
  const PreparedStatement insert = statements_.prepare(
      "insert into host (fingerprint, name, cpu, cores, memory_bytes, gpu, "
      "gpu_memory_bytes, gpu_driver, os) values (:fingerprint, :name, :cpu, :cores, "
      ":memory, :gpu, :gpu_memory, :driver, :os) on conflict do nothing");
  insert->bind(":fingerprint", fingerprint);
  insert->bind(":name", host.name);
  insert->bind(":cpu", host.cpu);
  insert->bind(":cores", host.cores);
  insert->bind(":memory", host.memory_bytes);
  bind_text_or_null(*insert, ":gpu", host.gpu);
  bind_optional(*insert, ":gpu_memory", host.gpu_memory_bytes);
  bind_text_or_null(*insert, ":driver", host.gpu_driver);
  insert->bind(":os", host.os);
  insert->exec();

  const PreparedStatement find =
      statements_.prepare("select id from host where fingerprint = :fingerprint");
  find->bind(":fingerprint", fingerprint);
  find->executeStep();
  return find->getColumn(0).getInt64();
}

std::optional<AttemptId> Store::claim(RunId run, const AttemptStart& start) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  const Timestamp at = now();

  Statement take(database,
                 "update run set status = 'running', error = null, ended_at = null, "
                 "started_at = coalesce(started_at, :at) "
                 "where id = :run and status in ('queued', 'interrupted') and trashed_at is null");
  take.bind(":at", at);
  take.bind(":run", run.value);
  if (take.exec() == 0) return std::nullopt;

  Statement insert(database,
                   "insert into attempt (run_id, host_id, boot, pid_namespace, pid, pid_start, "
                   "threads, libraries, build, "
                   "command, directory, git_commit, git_is_dirty, environment, started_at, "
                   "heartbeat_at) values (:run, :host, :boot, :pid_namespace, :pid, :pid_start, "
                   ":threads, :libraries, :build, "
                   ":command, :directory, :commit, :dirty, :environment, :at, :at) returning id");
  insert.bind(":run", run.value);
  insert.bind(":host", host_id(start.host));
  bind_process(insert, start.process);
  insert.bind(":threads", start.threads);
  insert.bind(":libraries", json_text(start.libraries));
  insert.bind(":build", start.build);
  bind_provenance(insert, start.provenance);
  insert.bind(":at", at);
  insert.executeStep();
  const AttemptId attempt{insert.getColumn(0).getInt64()};
  insert.reset();
  transaction.commit();
  return attempt;
}

void Store::record_device(AttemptId attempt, const std::string& device) {
  Statement update(connection_.database(), "update attempt set device = :device where id = :id");
  update.bind(":device", device);
  update.bind(":id", attempt.value);
  update.exec();
}

bool Store::report_progress(AttemptId attempt, const LiveProgress& progress) {
  const PreparedStatement update = statements_.prepare(
      "update attempt set heartbeat_at = :at, doing_epoch = :epoch, done_samples = :done, "
      "total_samples = :total where id = :id and ended_at is null");
  update->bind(":at", now());
  update->bind(":epoch", progress.epoch);
  update->bind(":done", progress.done);
  update->bind(":total", progress.total);
  update->bind(":id", attempt.value);
  return update->exec() == 1;
}

bool Store::report_heartbeat(AttemptId attempt) {
  const PreparedStatement update = statements_.prepare(
      "update attempt set heartbeat_at = :at where id = :id and ended_at is null");
  update->bind(":at", now());
  update->bind(":id", attempt.value);
  return update->exec() == 1;
}

void Store::check_goes_on(AttemptId attempt) {
  if (!report_heartbeat(attempt)) throw AttemptOver();
}

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
}

void Store::add_to_summary(RunId run, std::int64_t metric_name, Epoch epoch,
                           std::optional<double> value) {
  // On the right of `set` all names mean the row as it was.
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
  for (const UtilisationPoint& point : epoch.utilisation) {
    insert->bind(":run", run.value);
    insert->bind(":epoch", epoch.number);
    insert->bind(":seconds", point.since_epoch_began.count());
    bind_optional(*insert, ":cpu", point.cpu);
    bind_optional(*insert, ":host", point.host_memory);
    bind_optional(*insert, ":gpu", point.gpu);
    bind_optional(*insert, ":gpu_bytes", point.gpu_memory);
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
  // First: for each epoch that goes SQLite would look through all metrics that its run has.
  Statement metrics(database, "delete from metric where run_id = :run and epoch > :last");
  metrics.bind(":run", run.value);
  metrics.bind(":last", last);
  metrics.exec();
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

void Store::add_artifact(RunId run, const ArtifactRecord& artifact) {
  insert_artifact(statements_, run, artifact);
}

void Store::add_event(RunId run, const std::string& kind, const std::string& text) {
  Statement insert(connection_.database(),
                   "insert into event (run_id, at, kind, text) values (:run, :at, :kind, :text)");
  insert.bind(":run", run.value);
  insert.bind(":at", now());
  insert.bind(":kind", kind);
  insert.bind(":text", text);
  insert.exec();
}

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

void Store::add_forecast(const ForecastRecord& forecast) {
  Statement insert(connection_.database(),
                   "insert into forecast (identity, made_at, host, device, threads, epochs, "
                   "seconds, peak_bytes, peak_device_bytes) values (:identity, :at, :host, "
                   ":device, :threads, :epochs, :seconds, :peak, :device_peak)");
  insert.bind(":identity", forecast.identity);
  insert.bind(":at", forecast.made_at);
  insert.bind(":host", forecast.host);
  insert.bind(":device", forecast.device);
  insert.bind(":threads", forecast.threads);
  insert.bind(":epochs", forecast.epochs);
  insert.bind(":seconds", forecast.seconds.count());
  insert.bind(":peak", forecast.peak_bytes);
  bind_optional(insert, ":device_peak", forecast.peak_device_bytes);
  insert.exec();
}

bool Store::end_attempt(RunId run, AttemptId attempt, RunStatus status, const std::string& reason,
                        const std::string& error) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  const Timestamp at = now();

  Statement end(database,
                "update attempt set ended_at = :at, end_reason = :reason, doing_epoch = null, "
                "done_samples = null, total_samples = null where id = :id and ended_at is null");
  end.bind(":at", at);
  end.bind(":reason", reason);
  end.bind(":id", attempt.value);
  if (end.exec() == 0) return false;

  change_status(run, status);
  Statement update(database, "update run set ended_at = :at, error = :error where id = :run");
  update.bind(":at", at);
  bind_text_or_null(update, ":error", error);
  update.bind(":run", run.value);
  update.exec();
  transaction.commit();
  return true;
}

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
  Statement epochs(database, "delete from epoch where run_id = :run");
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch is not null");
  Statement choices(database, "delete from choice where run_id = :run");
  for (const RunId run : runs) {
    restart.bind(":run", run.value);
    const bool begins_again = restart.exec() == 1;
    restart.reset();
    if (!begins_again) continue;
    for (Statement* forget : {&metrics, &epochs, &artifacts, &choices}) {
      forget->bind(":run", run.value);
      forget->exec();
      forget->reset();
    }
    summarise_again(run);
  }
  transaction.commit();
}

}  // namespace epochal

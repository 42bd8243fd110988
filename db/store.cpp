// Every write of epochal. One function, one transaction.

#include "db/store.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "framework/plugin/sha256.h"

namespace epochal {
namespace {

using SQLite::Statement;
using SQLite::Transaction;

// Taking the write lock at the start avoids the deadlock of two readers that both want to write.
constexpr auto kWrite = SQLite::TransactionBehavior::IMMEDIATE;

template <typename T>
void bind_optional(Statement& statement, const char* name, const std::optional<T>& value) {
  if (value) {
    statement.bind(name, *value);
  } else {
    statement.bind(name);
  }
}

void bind_text_or_null(Statement& statement, const char* name, const std::string& value) {
  if (value.empty()) {
    statement.bind(name);
  } else {
    statement.bind(name, value);
  }
}

std::string json_text(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void insert_parameter(SQLite::Database& database, RunId run, const std::string& name,
                      const ParameterValue& value) {
  Statement insert(database,
                   "insert into parameter (run_id, name, type, value) "
                   "values (:run, :name, :type, :value)");
  insert.bind(":run", run.value);
  insert.bind(":name", name);
  if (const auto* flag = std::get_if<bool>(&value)) {
    insert.bind(":type", "boolean");
    insert.bind(":value", *flag ? 1 : 0);
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    insert.bind(":type", "integer");
    insert.bind(":value", *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    insert.bind(":type", "real");
    insert.bind(":value", *number);
  } else {
    insert.bind(":type", "text");
    insert.bind(":value", std::get<std::string>(value));
  }
  insert.exec();
}

void insert_artifact(SQLite::Database& database, RunId run, const ArtifactRecord& artifact) {
  Statement insert(database,
                   "insert into artifact (run_id, epoch, kind, name, caption, path, sha256, bytes) "
                   "values (:run, :epoch, :kind, :name, :caption, :path, :sha256, :bytes) "
                   "on conflict (path) do update set sha256 = excluded.sha256, "
                   "bytes = excluded.bytes, caption = excluded.caption");
  insert.bind(":run", run.value);
  bind_optional(insert, ":epoch", artifact.epoch);
  insert.bind(":kind", std::string(name_of(artifact.kind)));
  insert.bind(":name", artifact.name);
  insert.bind(":caption", artifact.caption);
  insert.bind(":path", artifact.path);
  bind_text_or_null(insert, ":sha256", artifact.sha256);
  if (artifact.sha256.empty()) {
    insert.bind(":bytes");  // a log that still grows
  } else {
    insert.bind(":bytes", artifact.bytes);
  }
  insert.exec();
}

}  // namespace

Store::Store(const std::filesystem::path& folder)
    : connection_(Connection::open_for_writing(folder)) {}

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
  Statement find(database, "select id, epochs, status from run where identity = :identity");
  find.bind(":identity", run.identity);
  if (find.executeStep()) {
    const RunId id{find.getColumn(0).getInt64()};
    if (find.getColumn(1).getInt() >= run.epochs) return id;
    Statement extend(database, "update run set epochs = :epochs where id = :run");
    extend.bind(":epochs", run.epochs);
    extend.bind(":run", id.value);
    extend.exec();
    const RunStatus status = run_status(find.getColumn(2).getString());
    if (status == RunStatus::finished || status == RunStatus::stopped) {
      change_status(id, RunStatus::queued);
    }
    return id;
  }

  Statement insert(
      database,
      "insert into run (identity, group_identity, experiment, experiment_version, seed, epochs, "
      "status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at) values (:identity, "
      ":group, :experiment, :version, :seed, :epochs, 'queued', :data, :weights, :code, :at) "
      "returning id");
  insert.bind(":identity", run.identity);
  insert.bind(":group", run.group_identity);
  insert.bind(":experiment", run.experiment);
  insert.bind(":version", run.experiment_version);
  insert.bind(":seed", static_cast<std::int64_t>(run.seed));
  insert.bind(":epochs", run.epochs);
  insert.bind(":data", run.inputs.data);
  insert.bind(":weights", run.inputs.weights);
  insert.bind(":code", run.code_version);
  insert.bind(":at", now());
  insert.executeStep();
  const RunId id{insert.getColumn(0).getInt64()};
  insert.reset();
  for (const auto& [name, value] : run.parameters.all()) {
    insert_parameter(database, id, name, value);
  }
  return id;
}

void Store::change_status(RunId run, RunStatus to) {
  SQLite::Database& database = connection_.database();
  Statement find(database, "select status from run where id = :run");
  find.bind(":run", run.value);
  if (!find.executeStep()) throw std::logic_error("no such run");
  const RunStatus from = run_status(find.getColumn(0).getString());
  if (!may_become(from, to)) {
    throw std::logic_error(fmt::format("a {} run cannot become {}", name_of(from), name_of(to)));
  }
  find.reset();
  Statement change(database, "update run set status = :status where id = :run");
  change.bind(":status", std::string(name_of(to)));
  change.bind(":run", run.value);
  change.exec();
}

std::int64_t Store::host_id(const HostRecord& host) {
  SQLite::Database& database = connection_.database();
  const std::string fingerprint =
      sha256_of(json_text({host.name, host.cpu, host.cores, host.memory_bytes, host.gpu,
                           host.gpu_memory_bytes.value_or(0), host.gpu_driver, host.os}));
  Statement insert(database,
                   "insert into host (fingerprint, name, cpu, cores, memory_bytes, gpu, "
                   "gpu_memory_bytes, gpu_driver, os) values (:fingerprint, :name, :cpu, :cores, "
                   ":memory, :gpu, :gpu_memory, :driver, :os) on conflict do nothing");
  insert.bind(":fingerprint", fingerprint);
  insert.bind(":name", host.name);
  insert.bind(":cpu", host.cpu);
  insert.bind(":cores", host.cores);
  insert.bind(":memory", host.memory_bytes);
  bind_text_or_null(insert, ":gpu", host.gpu);
  bind_optional(insert, ":gpu_memory", host.gpu_memory_bytes);
  bind_text_or_null(insert, ":driver", host.gpu_driver);
  insert.bind(":os", host.os);
  insert.exec();

  Statement find(database, "select id from host where fingerprint = :fingerprint");
  find.bind(":fingerprint", fingerprint);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

std::optional<AttemptId> Store::claim(RunId run, const AttemptStart& start) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  const Timestamp at = now();

  Statement take(database,
                 "update run set status = 'running', error = null, ended_at = null, "
                 "started_at = coalesce(started_at, :at) "
                 "where id = :run and status in ('queued', 'interrupted')");
  take.bind(":at", at);
  take.bind(":run", run.value);
  if (take.exec() == 0) return std::nullopt;

  Statement insert(database,
                   "insert into attempt (run_id, host_id, pid, pid_start, threads, libraries, "
                   "started_at, heartbeat_at) values (:run, :host, :pid, :pid_start, :threads, "
                   ":libraries, :at, :at) returning id");
  insert.bind(":run", run.value);
  insert.bind(":host", host_id(start.host));
  insert.bind(":pid", start.pid);
  insert.bind(":pid_start", start.pid_start);
  insert.bind(":threads", start.threads);
  insert.bind(":libraries", json_text(start.libraries));
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

void Store::report_progress(AttemptId attempt, const LiveProgress& progress) {
  Statement update(connection_.database(),
                   "update attempt set heartbeat_at = :at, doing_epoch = :epoch, "
                   "done_samples = :done, total_samples = :total where id = :id");
  update.bind(":at", now());
  update.bind(":epoch", progress.epoch);
  update.bind(":done", progress.done);
  update.bind(":total", progress.total);
  update.bind(":id", attempt.value);
  update.exec();
}

std::int64_t Store::metric_name_id(const std::string& name) {
  SQLite::Database& database = connection_.database();
  Statement find(database, "select id from metric_name where name = :name");
  find.bind(":name", name);
  if (find.executeStep()) return find.getColumn(0).getInt64();
  Statement insert(database, "insert into metric_name (name) values (:name) returning id");
  insert.bind(":name", name);
  insert.executeStep();
  const std::int64_t id = insert.getColumn(0).getInt64();
  insert.reset();
  return id;
}

void Store::insert_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch) {
  SQLite::Database& database = connection_.database();
  Statement insert(database,
                   "insert into epoch (run_id, number, attempt_id, started_at, seconds, "
                   "train_seconds, data_wait_seconds, samples, learning_rate, peak_host_bytes, "
                   "peak_device_bytes) values (:run, :number, :attempt, :at, :seconds, :train, "
                   ":wait, :samples, :lr, :host_bytes, :device_bytes)");
  insert.bind(":run", run.value);
  insert.bind(":number", epoch.number);
  insert.bind(":attempt", attempt.value);
  insert.bind(":at", epoch.started_at);
  insert.bind(":seconds", epoch.seconds.count());
  insert.bind(":train", epoch.train_seconds.count());
  insert.bind(":wait", epoch.data_wait_seconds.count());
  insert.bind(":samples", epoch.samples);
  bind_optional(insert, ":lr", epoch.learning_rate);
  bind_optional(insert, ":host_bytes", epoch.peak_host_memory);
  bind_optional(insert, ":device_bytes", epoch.peak_device_memory);
  insert.exec();

  Statement measure(database,
                    "insert into metric (run_id, name_id, epoch, value) "
                    "values (:run, :name, :epoch, :value)");
  for (const auto& [name, value] : epoch.metrics) {
    measure.bind(":run", run.value);
    measure.bind(":name", metric_name_id(name));
    measure.bind(":epoch", epoch.number);
    if (std::isnan(value)) {
      measure.bind(":value");  // the schema's NaN
    } else {
      measure.bind(":value", value);
    }
    measure.exec();
    measure.reset();
  }
}

void Store::commit_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch,
                         const std::vector<ArtifactRecord>& artifacts,
                         const std::vector<Epoch>& dropped_checkpoints) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);

  insert_epoch(run, attempt, epoch);
  for (const ArtifactRecord& artifact : artifacts) insert_artifact(database, run, artifact);

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
                    "last_epoch = :epoch, heartbeat_at = :at where id = :attempt");
  advance.bind(":epoch", epoch.number);
  advance.bind(":at", now());
  advance.bind(":attempt", attempt.value);
  advance.exec();
  transaction.commit();
}

void Store::drop_epochs_after(RunId run, Epoch last) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement epochs(database, "delete from epoch where run_id = :run and number > :last");
  epochs.bind(":run", run.value);
  epochs.bind(":last", last);
  epochs.exec();
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch > :last");
  artifacts.bind(":run", run.value);
  artifacts.bind(":last", last);
  artifacts.exec();
  transaction.commit();
}

void Store::add_artifact(RunId run, const ArtifactRecord& artifact) {
  insert_artifact(connection_.database(), run, artifact);
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

RunId Store::replace_run(const RunRecord& run) {
  SQLite::Database& database = connection_.database();
  const RunId id = want_run(run);
  for (const char* table : {"epoch", "attempt", "artifact", "event"}) {
    Statement forget(database, fmt::format("delete from {} where run_id = :run", table));
    forget.bind(":run", id.value);
    forget.exec();
  }
  Statement update(database,
                   "update run set status = :status, epochs = :epochs, created_at = :created, "
                   "started_at = :started, ended_at = :ended, error = :error, "
                   "code_version = :code where id = :run");
  update.bind(":status", std::string(name_of(run.status)));
  update.bind(":epochs", run.epochs);
  update.bind(":created", run.created_at);
  bind_optional(update, ":started", run.started_at);
  bind_optional(update, ":ended", run.ended_at);
  bind_text_or_null(update, ":error", run.error);
  update.bind(":code", run.code_version);
  update.bind(":run", id.value);
  update.exec();
  return id;
}

AttemptId Store::insert_attempt(RunId run, const AttemptRecord& attempt) {
  Statement insert(
      connection_.database(),
      "insert into attempt (run_id, host_id, pid, pid_start, device, threads, "
      "libraries, started_at, heartbeat_at, ended_at, end_reason, first_epoch, "
      "last_epoch, doing_epoch, done_samples, total_samples) values (:run, :host, :pid, "
      ":pid_start, :device, :threads, :libraries, :started, :heartbeat, :ended, "
      ":reason, :first, :last, :doing, :done, :total) returning id");
  insert.bind(":run", run.value);
  insert.bind(":host", host_id(attempt.host));
  insert.bind(":pid", attempt.pid);
  insert.bind(":pid_start", attempt.pid_start);
  insert.bind(":device", attempt.device);
  insert.bind(":threads", attempt.threads);
  insert.bind(":libraries", json_text(attempt.libraries));
  insert.bind(":started", attempt.started_at);
  insert.bind(":heartbeat", attempt.heartbeat_at);
  bind_optional(insert, ":ended", attempt.ended_at);
  bind_text_or_null(insert, ":reason", attempt.end_reason);
  bind_optional(insert, ":first", attempt.first_epoch);
  bind_optional(insert, ":last", attempt.last_epoch);
  if (attempt.live) {
    insert.bind(":doing", attempt.live->epoch);
    insert.bind(":done", attempt.live->done);
    insert.bind(":total", attempt.live->total);
  }
  insert.executeStep();
  const AttemptId id{insert.getColumn(0).getInt64()};
  insert.reset();
  return id;
}

void Store::import(const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement note(database,
                 "insert into event (run_id, at, kind, text) values (:run, :at, :kind, :text)");
  for (const WholeRun& whole : runs) {
    const RunId run = replace_run(whole.run);
    std::map<AttemptId, AttemptId> attempts;
    for (const AttemptRecord& attempt : whole.attempts) {
      attempts[attempt.id] = insert_attempt(run, attempt);
    }
    for (const EpochRecord& epoch : whole.epochs) {
      const auto attempt = attempts.find(epoch.attempt);
      if (attempt == attempts.end()) {
        throw Error("the other store holds an epoch that nobody made", {},
                    "check it with `epochal doctor`");
      }
      insert_epoch(run, attempt->second, epoch);
    }
    for (const ArtifactRecord& artifact : whole.artifacts) insert_artifact(database, run, artifact);
    for (const EventRecord& event : whole.events) {
      note.bind(":run", run.value);
      note.bind(":at", event.at);
      note.bind(":kind", event.kind);
      note.bind(":text", event.text);
      note.exec();
      note.reset();
    }
  }
  Statement join(database,
                 "insert into sweep_run (sweep_id, run_id, position) "
                 "select :sweep, id, :position from run where identity = :identity "
                 "on conflict do nothing");
  for (const WholeSweep& whole : sweeps) {
    const std::int64_t sweep = upsert_sweep(whole.sweep);
    for (const auto& [position, identity] : whole.runs) {
      join.bind(":sweep", sweep);
      join.bind(":position", position);
      join.bind(":identity", identity);
      join.exec();
      join.reset();
    }
  }
  transaction.commit();
}

void Store::add_forecast(const ForecastRecord& forecast) {
  Statement insert(connection_.database(),
                   "insert into forecast (identity, made_at, host, device, threads, epochs, "
                   "seconds, peak_bytes) values (:identity, :at, :host, :device, :threads, "
                   ":epochs, :seconds, :peak)");
  insert.bind(":identity", forecast.identity);
  insert.bind(":at", forecast.made_at);
  insert.bind(":host", forecast.host);
  insert.bind(":device", forecast.device);
  insert.bind(":threads", forecast.threads);
  insert.bind(":epochs", forecast.epochs);
  insert.bind(":seconds", forecast.seconds.count());
  insert.bind(":peak", forecast.peak_bytes);
  insert.exec();
}

void Store::end_attempt(RunId run, AttemptId attempt, RunStatus status, const std::string& reason,
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
  if (end.exec() == 0) return;

  change_status(run, status);
  Statement update(database, "update run set ended_at = :at, error = :error where id = :run");
  update.bind(":at", at);
  bind_text_or_null(update, ":error", error);
  update.bind(":run", run.value);
  update.exec();
  transaction.commit();
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
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  Statement restart(database,
                    "update run set status = 'queued', error = null "
                    "where id = :run and status = 'failed'");
  Statement epochs(database, "delete from epoch where run_id = :run");
  Statement artifacts(database, "delete from artifact where run_id = :run and epoch is not null");
  for (const RunId run : runs) {
    restart.bind(":run", run.value);
    const bool had_failed = restart.exec() == 1;
    restart.reset();
    if (!had_failed) continue;
    for (Statement* forget : {&epochs, &artifacts}) {
      forget->bind(":run", run.value);
      forget->exec();
      forget->reset();
    }
  }
  transaction.commit();
}

}  // namespace epochal

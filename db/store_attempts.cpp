// Attempts: a worker claims a run, sends heartbeats, and ends.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "db/store.h"
#include "db/store_statements.h"
#include "framework/base/sha256.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

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

std::int64_t Store::host_id(const Host& host) {
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

bool Store::has_epochs_left(RunId run) {
  const PreparedStatement find =
      statements_.prepare("select epochs_done < epochs from run where id = :run");
  find->bind(":run", run.value);
  return find->executeStep() && find->getColumn(0).getInt() != 0;
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

  // More epochs may have been asked for while the run was in progress: then it is not finished, and
  // whoever waits for the run continues it.
  const bool is_short = status == RunStatus::finished && has_epochs_left(run);
  change_status(run, is_short ? RunStatus::interrupted : status);
  Statement update(database, "update run set ended_at = :at, error = :error where id = :run");
  update.bind(":at", at);
  bind_text_or_null(update, ":error", error);
  update.bind(":run", run.value);
  update.exec();
  transaction.commit();
  return true;
}

}  // namespace epochal::store

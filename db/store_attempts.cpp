// Attempts: a worker claims a run, sends heartbeats, and ends.

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "db/store.h"
#include "db/store_statements.h"
#include "framework/base/sha256.h"

namespace epochal::store {

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
  statements_.execute("update run set status = :status where id = :run",
                      {{":status", name_of(to)}, {":run", run.value}});
}

std::int64_t Store::host_id(const Host& host) {
  const std::string fingerprint =
      sha256_of(json_text({host.name, host.cpu, host.cores, host.memory_bytes, host.gpu,
                           host.gpu_memory_bytes.value_or(0), host.gpu_driver, host.os}));
  statements_.execute(
      "insert into host (fingerprint, name, cpu, cores, memory_bytes, gpu, "
      "gpu_memory_bytes, gpu_driver, os) values (:fingerprint, :name, :cpu, :cores, "
      ":memory, :gpu, :gpu_memory, :driver, :os) on conflict do nothing",
      {{":fingerprint", fingerprint},
       {":name", host.name},
       {":cpu", host.cpu},
       {":cores", host.cores},
       {":memory", host.memory_bytes},
       {":gpu", text_or_null(host.gpu)},
       {":gpu_memory", host.gpu_memory_bytes},
       {":driver", text_or_null(host.gpu_driver)},
       {":os", host.os}});
  return *statements_.integer("select id from host where fingerprint = :fingerprint",
                              {{":fingerprint", fingerprint}});
}

std::optional<AttemptId> Store::claim(RunId run, const AttemptStart& start) {
  Transaction transaction(connection_.database(), kWrite);
  const Timestamp at = now();
  const int taken = statements_.execute(
      "update run set status = 'running', error = null, ended_at = null, "
      "started_at = coalesce(started_at, :at) "
      "where id = :run and status in ('queued', 'interrupted') and trashed_at is null",
      {{":at", at}, {":run", run.value}});
  if (taken == 0) return std::nullopt;
  AttemptRecord attempt;
  static_cast<AttemptStart&>(attempt) = start;
  attempt.started_at = attempt.heartbeat_at = at;
  const AttemptId id = insert_attempt(run, attempt);
  transaction.commit();
  return id;
}

AttemptId Store::insert_attempt(RunId run, const AttemptRecord& attempt) {
  const PreparedStatement insert = statements_.prepare(
      "insert into attempt (run_id, host_id, boot, pid_namespace, pid, pid_start, device, threads, "
      "libraries, build, command, directory, git_commit, git_is_dirty, environment, started_at, "
      "heartbeat_at, ended_at, end_reason, first_epoch, "
      "last_epoch, doing_epoch, done_samples, total_samples) values (:run, :host, :boot, "
      ":pid_namespace, :pid, :pid_start, :device, :threads, :libraries, :build, :command, "
      ":directory, "
      ":commit, :dirty, "
      ":environment, :started, :heartbeat, :ended, "
      ":reason, :first, :last, :doing, :done, :total) returning id");
  bind_values(*insert, {{":run", run.value},
                        {":host", host_id(attempt.host)},
                        {":boot", attempt.process.boot},
                        {":pid_namespace", attempt.process.pid_namespace},
                        {":pid", attempt.process.pid},
                        {":pid_start", attempt.process.start},
                        {":device", attempt.device},
                        {":threads", attempt.threads},
                        {":libraries", json_text(attempt.libraries)},
                        {":build", attempt.build},
                        {":command", attempt.provenance.command},
                        {":directory", attempt.provenance.directory},
                        {":commit", attempt.provenance.git_commit},
                        {":dirty", attempt.provenance.git_is_dirty},
                        {":environment", json_text(attempt.provenance.environment)},
                        {":started", attempt.started_at},
                        {":heartbeat", attempt.heartbeat_at},
                        {":ended", attempt.ended_at},
                        {":reason", text_or_null(attempt.end_reason)},
                        {":first", attempt.first_epoch},
                        {":last", attempt.last_epoch}});
  if (attempt.live) {
    bind_values(*insert, {{":doing", attempt.live->epoch},
                          {":done", attempt.live->done},
                          {":total", attempt.live->total}});
  }
  insert->executeStep();
  return AttemptId{insert->getColumn(0).getInt64()};
}

void Store::record_device(AttemptId attempt, const std::string& device) {
  statements_.execute("update attempt set device = :device where id = :id",
                      {{":device", device}, {":id", attempt.value}});
}

bool Store::report_progress(AttemptId attempt, const LiveProgress& progress) {
  return statements_.execute(
             "update attempt set heartbeat_at = :at, doing_epoch = :epoch, done_samples = :done, "
             "total_samples = :total where id = :id and ended_at is null",
             {{":at", now()},
              {":epoch", progress.epoch},
              {":done", progress.done},
              {":total", progress.total},
              {":id", attempt.value}}) == 1;
}

bool Store::report_heartbeat(AttemptId attempt) {
  return statements_.execute(
             "update attempt set heartbeat_at = :at where id = :id and ended_at is null",
             {{":at", now()}, {":id", attempt.value}}) == 1;
}

void Store::check_goes_on(AttemptId attempt) {
  if (!report_heartbeat(attempt)) throw AttemptOver();
}

bool Store::has_epochs_left(RunId run) {
  return statements_.integer("select epochs_done < epochs from run where id = :run",
                             {{":run", run.value}}) == 1;
}

bool Store::end_attempt(RunId run, AttemptId attempt, RunStatus status, const std::string& reason,
                        const std::string& error) {
  Transaction transaction(connection_.database(), kWrite);
  const Timestamp at = now();
  const int ended = statements_.execute(
      "update attempt set ended_at = :at, end_reason = :reason, doing_epoch = null, "
      "done_samples = null, total_samples = null where id = :id and ended_at is null",
      {{":at", at}, {":reason", reason}, {":id", attempt.value}});
  if (ended == 0) return false;

  // More epochs may have been asked for while the run was in progress: then it is not finished, and
  // whoever waits for the run continues it.
  const bool is_short = status == RunStatus::finished && has_epochs_left(run);
  change_status(run, is_short ? RunStatus::interrupted : status);
  statements_.execute("update run set ended_at = :at, error = :error where id = :run",
                      {{":at", at}, {":error", text_or_null(error)}, {":run", run.value}});
  transaction.commit();
  return true;
}

}  // namespace epochal::store

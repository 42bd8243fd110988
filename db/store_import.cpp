// Imports whole runs and sweeps from another store.

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

RunId Store::replace_run(const RunRecord& run) {
  const RunId id = queue_run(run);
  // Metrics first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  for (const char* forget :
       {"delete from metric where run_id = :run", "delete from sample_values where run_id = :run",
        "delete from epoch where run_id = :run", "delete from attempt where run_id = :run",
        "delete from artifact where run_id = :run", "delete from event where run_id = :run",
        "delete from choice where run_id = :run"}) {
    const PreparedStatement statement = statements_.prepare(forget);
    statement->bind(":run", id.value);
    statement->exec();
  }
  summarise_again(id);
  const PreparedStatement update = statements_.prepare(
      "update run set status = :status, epochs = :epochs, created_at = :created, "
      "started_at = :started, ended_at = :ended, error = :error, "
      "code_version = :code where id = :run");
  update->bind(":status", std::string(name_of(run.status)));
  update->bind(":epochs", run.epochs);
  update->bind(":created", run.created_at);
  bind_optional(*update, ":started", run.started_at);
  bind_optional(*update, ":ended", run.ended_at);
  bind_text_or_null(*update, ":error", run.error);
  update->bind(":code", run.code_version);
  update->bind(":run", id.value);
  update->exec();
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
  insert->bind(":run", run.value);
  insert->bind(":host", host_id(attempt.host));
  bind_process(*insert, attempt.process);
  insert->bind(":device", attempt.device);
  insert->bind(":threads", attempt.threads);
  insert->bind(":libraries", json_text(attempt.libraries));
  insert->bind(":build", attempt.build);
  bind_provenance(*insert, attempt.provenance);
  insert->bind(":started", attempt.started_at);
  insert->bind(":heartbeat", attempt.heartbeat_at);
  bind_optional(*insert, ":ended", attempt.ended_at);
  bind_text_or_null(*insert, ":reason", attempt.end_reason);
  bind_optional(*insert, ":first", attempt.first_epoch);
  bind_optional(*insert, ":last", attempt.last_epoch);
  if (attempt.live) {
    insert->bind(":doing", attempt.live->epoch);
    insert->bind(":done", attempt.live->done);
    insert->bind(":total", attempt.live->total);
  }
  insert->executeStep();
  const AttemptId id{insert->getColumn(0).getInt64()};
  insert->reset();
  return id;
}

std::optional<RunId> Store::id_of(const std::string& identity) {
  const PreparedStatement find =
      statements_.prepare("select id from run where identity = :identity");
  find->bind(":identity", identity);
  if (!find->executeStep()) return std::nullopt;
  return RunId{find->getColumn(0).getInt64()};
}

void Store::import(const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
                   const std::vector<Declaration>& declarations, const StepsOfRun& steps,
                   const SamplesOfRun& samples) {
  try {
    insert_whole(runs, sweeps, declarations, steps, samples);
  } catch (const SQLite::Exception& exception) {
    if (exception.getErrorCode() != SQLITE_CONSTRAINT) throw;
    throw Error(fmt::format("the imported data violate a rule of the store: {}", exception.what()),
                {}, "correct them at the source; nothing was imported");
  }
}

void Store::insert_whole(const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
                         const std::vector<Declaration>& declarations, const StepsOfRun& steps,
                         const SamplesOfRun& samples) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  const PreparedStatement note = statements_.prepare(
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
        throw Error("the other store has an epoch without an attempt", {},
                    "check it with `epochal doctor`");
      }
      insert_epoch(run, attempt->second, epoch);
    }
    for (const ArtifactRecord& artifact : whole.artifacts)
      insert_artifact(statements_, run, artifact);
    for (const EventRecord& event : whole.events) {
      note->bind(":run", run.value);
      note->bind(":at", event.at);
      note->bind(":kind", event.kind);
      note->bind(":text", event.text);
      note->exec();
      note->reset();
    }
    for (const auto& [parameter, value] : whole.choices) insert_choice(run, parameter, value);
    insert_labels(run, whole);
    replace_steps(run, [&](const PutSteps& put) { steps(whole.run, put); });
    std::set<Epoch> known;
    for (const EpochRecord& epoch : whole.epochs) known.insert(epoch.number);
    samples(whole.run, [&](Epoch epoch, const ValidationSamples& of_epoch) {
      // The other store may have a new epoch since the run was read from it: the next merge has it.
      if (known.contains(epoch)) insert_validation_samples(run, epoch, of_epoch);
    });
  }
  const PreparedStatement join = statements_.prepare(
      "insert into sweep_run (sweep_id, run_id, position) "
      "select :sweep, id, :position from run where identity = :identity "
      "on conflict do nothing");
  for (const WholeSweep& whole : sweeps) {
    const std::int64_t sweep = upsert_sweep(whole.sweep);
    for (const auto& [position, identity] : whole.runs) {
      join->bind(":sweep", sweep);
      join->bind(":position", position);
      join->bind(":identity", identity);
      join->exec();
      join->reset();
    }
    for (auto [trial, identity] : whole.trials) {
      trial.sweep = sweep;
      trial.run = id_of(identity);
      import_trial(trial);
    }
  }
  for (const Declaration& declaration : declarations) {
    if (!has_declaration(declaration)) insert_declaration(declaration);
  }
  transaction.commit();
}

}  // namespace epochal::store

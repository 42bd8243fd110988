// Imports whole runs and sweeps from another store.

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>
#include <set>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

RunId Store::replace_run(const RunRecord& run) {
  const RunId id = queue_run(run);
  // Metrics first: otherwise SQLite would scan all metrics of the run for each deleted epoch.
  for (const char* forget :
       {"delete from metric where run_id = :run", "delete from sample_values where run_id = :run",
        "delete from epoch where run_id = :run", "delete from attempt where run_id = :run",
        "delete from artifact where run_id = :run", "delete from event where run_id = :run",
        "delete from choice where run_id = :run"}) {
    statements_.execute(forget, {{":run", id.value}});
  }
  summarise_again(id);
  statements_.execute(
      "update run set status = :status, epochs = :epochs, created_at = :created, "
      "started_at = :started, ended_at = :ended, error = :error, "
      "code_version = :code where id = :run",
      {{":status", name_of(run.status)},
       {":epochs", run.epochs},
       {":created", run.created_at},
       {":started", run.started_at},
       {":ended", run.ended_at},
       {":error", text_or_null(run.error)},
       {":code", run.code_version},
       {":run", id.value}});
  return id;
}

std::optional<RunId> Store::id_of(const std::string& identity) {
  const auto id = statements_.integer("select id from run where identity = :identity",
                                      {{":identity", identity}});
  return id ? std::optional(RunId{*id}) : std::nullopt;
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
  Transaction transaction(connection_.database(), kWrite);
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
    for (const EventRecord& event : whole.events) insert_event(statements_, run, event);
    for (const auto& [parameter, value] : whole.choices) record_choice(run, parameter, value);
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
      execute(*join, {{":sweep", sweep}, {":position", position}, {":identity", identity}});
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

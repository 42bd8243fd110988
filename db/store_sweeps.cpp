// Sweeps and the runs that they ask for.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <nlohmann/json.hpp>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

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
  // Input files may have changed since the last time: then the sweep asks for other runs.
  Statement forget(database, "delete from sweep_run where sweep_id = :sweep");
  forget.bind(":sweep", sweep_id);
  forget.exec();

  std::vector<RunId> ids;
  Statement join(database,
                 "insert into sweep_run (sweep_id, run_id, position) values (:sweep, :run, :at) "
                 "on conflict do nothing");
  for (const RunRecord& run : runs) {
    ids.push_back(queue_run(run));
    join.bind(":sweep", sweep_id);
    join.bind(":run", ids.back().value);
    join.bind(":at", static_cast<std::int64_t>(ids.size()));
    join.exec();
    join.reset();
  }
  transaction.commit();
  return ids;
}

RunId Store::add_to_sweep(const SweepRecord& sweep, const RunRecord& run) {
  SQLite::Database& database = connection_.database();
  Transaction transaction(database, kWrite);
  const std::int64_t sweep_id = upsert_sweep(sweep);
  const RunId id = queue_run(run);
  Statement join(database,
                 "insert into sweep_run (sweep_id, run_id, position) select :sweep, :run, "
                 "1 + coalesce(max(position), 0) from sweep_run where sweep_id = :sweep");
  join.bind(":sweep", sweep_id);
  join.bind(":run", id.value);
  join.exec();
  transaction.commit();
  return id;
}

void Store::record_seed(RunId run, std::uint64_t seed) {
  const PreparedStatement update =
      statements_.prepare("update run set seed = :seed where id = :run");
  update->bind(":seed", static_cast<std::int64_t>(seed));
  update->bind(":run", run.value);
  update->exec();
}

RunId Store::queue_run(const RunRecord& run) {
  SQLite::Database& database = connection_.database();
  const PreparedStatement find = statements_.prepare(
      "select id, epochs, status, trashed_at, epochs_done from run where identity = :identity");
  find->bind(":identity", run.identity);
  if (find->executeStep()) {
    const RunId id{find->getColumn(0).getInt64()};
    if (!find->getColumn(3).isNull()) take_out_of_trash(database, id);
    const RunStatus status = run_status(find->getColumn(2).getString());
    const bool is_over = status == RunStatus::finished || status == RunStatus::stopped;
    const bool is_longer = find->getColumn(1).getInt() < run.epochs;
    // Older versions recorded a run as finished although more epochs had been asked for meanwhile.
    const bool is_short = status == RunStatus::finished && find->getColumn(4).getInt() < run.epochs;
    if (status != RunStatus::running && (is_longer || is_short || !is_over)) {
      set_parameters(id, run.parameters);
      set_command(id, run.command);
    }
    const bool goes_on = is_short || may_become(status, RunStatus::running);
    if (is_over && (is_longer || is_short)) change_status(id, RunStatus::queued);
    if (!is_longer && (goes_on || status == RunStatus::failed)) ask_for_less(id, run.epochs);
    if (!is_longer) return id;
    const PreparedStatement extend =
        statements_.prepare("update run set epochs = :epochs where id = :run");
    extend->bind(":epochs", run.epochs);
    extend->bind(":run", id.value);
    extend->exec();
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
      "update run set status = iif(epochs_done >= :epochs and status != 'failed', 'finished', "
      "status), epochs = max(:epochs, epochs_done) where id = :run and epochs > :epochs");
  shorten->bind(":epochs", epochs);
  shorten->bind(":run", run.value);
  shorten->exec();
}

void Store::set_parameters(RunId run, const Parameters& parameters) {
  for (const auto& [name, value] : parameters.all()) {
    set_parameter(statements_, run, name, value);
  }
}

}  // namespace epochal::store

// Sweeps and the runs that they ask for.

#include <SQLiteCpp/Transaction.h>

#include <array>
#include <nlohmann/json.hpp>

#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Transaction;

std::int64_t Store::upsert_sweep(const SweepRecord& sweep) {
  return *statements_.integer(
      "insert into sweep (name, content_hash, file, text, overrides, compare_by, "
      "recorded_at) values (:name, :hash, :file, :text, :overrides, :compare_by, :at) "
      "on conflict (name, content_hash) do update set file = excluded.file, "
      "text = excluded.text, overrides = excluded.overrides, "
      "compare_by = excluded.compare_by, recorded_at = excluded.recorded_at "
      "returning id",
      {{":name", sweep.name},
       {":hash", sweep.content_hash},
       {":file", sweep.file},
       {":text", sweep.text},
       {":overrides", json_text(sweep.overrides)},
       {":compare_by", sweep.compare_by},
       {":at", now()}});
}

std::vector<RunId> Store::record_sweep(const SweepRecord& sweep,
                                       const std::vector<RunRecord>& runs) {
  Transaction transaction(connection_.database(), kWrite);
  const std::int64_t sweep_id = upsert_sweep(sweep);
  // Input files may have changed since the last time: then the sweep asks for other runs.
  statements_.execute("delete from sweep_run where sweep_id = :sweep", {{":sweep", sweep_id}});
  std::vector<RunId> ids;
  for (const RunRecord& run : runs) {
    ids.push_back(queue_run(run));
    put_into_sweep(statements_, sweep_id, ids.back(), static_cast<std::int64_t>(ids.size()));
  }
  transaction.commit();
  return ids;
}

RunId Store::add_to_sweep(const SweepRecord& sweep, const RunRecord& run) {
  Transaction transaction(connection_.database(), kWrite);
  const std::int64_t sweep_id = upsert_sweep(sweep);
  const RunId id = queue_run(run);
  statements_.execute(
      "insert into sweep_run (sweep_id, run_id, position) select :sweep, :run, "
      "1 + coalesce(max(position), 0) from sweep_run where sweep_id = :sweep",
      {{":sweep", sweep_id}, {":run", id.value}});
  transaction.commit();
  return id;
}

void Store::record_seed(RunId run, std::uint64_t seed) {
  statements_.execute("update run set seed = :seed where id = :run",
                      {{":seed", seed}, {":run", run.value}});
}

RunId Store::queue_run(const RunRecord& run) {
  const PreparedStatement find = statements_.prepare(
      "select id, epochs, status, trashed_at, epochs_done from run where identity = :identity");
  find->bind(":identity", run.identity);
  if (find->executeStep()) {
    const RunId id{find->getColumn(0).getInt64()};
    if (!find->getColumn(3).isNull()) {
      statements_.execute("update run set trashed_at = null where id = :run", {{":run", id.value}});
    }
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
    statements_.execute("update run set epochs = :epochs where id = :run",
                        {{":epochs", run.epochs}, {":run", id.value}});
    return id;
  }

  const RunId id{*statements_.integer(
      "insert into run (identity, group_identity, experiment, experiment_version, seed, epochs, "
      "status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at) values (:identity, "
      ":group, :experiment, :version, :seed, :epochs, 'queued', :data, :weights, :code, :at) "
      "returning id",
      {{":identity", run.identity},
       {":group", run.group_identity},
       {":experiment", run.experiment},
       {":version", run.experiment_version},
       {":seed", run.seed},
       {":epochs", run.epochs},
       {":data", run.inputs.data},
       {":weights", run.inputs.weights},
       {":code", run.code_version},
       {":at", now()}})};
  set_parameters(id, run.parameters);
  set_command(id, run.command);
  return id;
}

void Store::ask_for_less(RunId run, Epoch epochs) {
  statements_.execute(
      "update run set status = iif(epochs_done >= :epochs and status != 'failed', 'finished', "
      "status), epochs = max(:epochs, epochs_done) where id = :run and epochs > :epochs",
      {{":epochs", epochs}, {":run", run.value}});
}

void Store::set_parameters(RunId run, const Parameters& parameters) {
  // In the order of ParameterValue.
  constexpr std::array kTypes{"boolean", "integer", "real", "text"};
  const PreparedStatement insert = statements_.prepare(
      "insert into parameter (run_id, name, type, value) "
      "values (:run, :name, :type, :value) "
      "on conflict do update set type = excluded.type, value = excluded.value");
  for (const auto& [name, value] : parameters.all()) {
    const auto bind_value = [&](const auto& plain) { bind_values(*insert, {{":value", plain}}); };
    std::visit(bind_value, value);
    execute(*insert, {{":run", run.value}, {":name", name}, {":type", kTypes.at(value.index())}});
  }
}

void Store::set_command(RunId run, const std::string& declaration) {
  if (declaration.empty()) return;
  statements_.execute(
      "insert into command (declaration) values (:declaration) on conflict do nothing",
      {{":declaration", declaration}});
  statements_.execute(
      "insert into run_command (run_id, command_id) "
      "select :run, id from command where declaration = :declaration "
      "on conflict (run_id) do update set command_id = excluded.command_id",
      {{":run", run.value}, {":declaration", declaration}});
}

void Store::lengthen(RunId run, Epoch epochs) {
  statements_.execute("update run set epochs = max(epochs, :epochs) where id = :run",
                      {{":epochs", epochs}, {":run", run.value}});
}

}  // namespace epochal::store

// Every read of epochal.

#include "db/query.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace epochal {
namespace {

using SQLite::Column;
using SQLite::Statement;

std::optional<double> optional_real(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getDouble();
}

std::optional<std::int64_t> optional_integer(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getInt64();
}

std::optional<Epoch> optional_epoch(const Column& column) {
  if (column.isNull()) return std::nullopt;
  return column.getInt();
}

ParameterValue parameter_value(const std::string& type, const Column& column) {
  if (type == "boolean") return column.getInt64() != 0;
  if (type == "integer") return std::int64_t{column.getInt64()};
  if (type == "real") return column.getDouble();
  return column.getString();
}

ArtifactRecord::Kind artifact_kind(const std::string& name) {
  using Kind = ArtifactRecord::Kind;
  for (const Kind kind : {Kind::checkpoint, Kind::sample, Kind::log, Kind::diff}) {
    if (name_of(kind) == name) return kind;
  }
  throw Error("the store holds an artifact of an unknown kind", {},
              "check it with `epochal doctor`");
}

nlohmann::json parsed(const std::string& text) {
  nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
  if (value.is_discarded()) {
    throw Error("the store holds broken JSON", {}, "check it with `epochal doctor`");
  }
  return value;
}

std::map<std::string, std::string> text_map(const std::string& json) {
  std::map<std::string, std::string> result;
  const nlohmann::json object = parsed(json);
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) result[key] = value.get<std::string>();
  }
  return result;
}

std::vector<std::string> text_list(const std::string& json) {
  std::vector<std::string> result;
  for (const auto& value : parsed(json)) {
    if (value.is_string()) result.push_back(value.get<std::string>());
  }
  return result;
}

/// "[1, 2, 3]", for json_each. CROSS JOIN behind it makes SQLite go through the list and look each
/// up, rather than through the list for each row of a table.
std::string id_list(const std::vector<RunId>& ids) {
  std::string list = "[";
  for (const RunId id : ids) list += (list.size() == 1 ? "" : ",") + std::to_string(id.value);
  return list + "]";
}

/// Columns 1 to 3: name, type, value.
void read_parameter(Statement& row, RunRecord& run) {
  run.parameters.set(row.getColumn(1).getString(),
                     parameter_value(row.getColumn(2).getString(), row.getColumn(3)));
}

double real_or_nan(const Column& column) {
  return optional_real(column).value_or(std::numeric_limits<double>::quiet_NaN());
}

RunRecord read_run(Statement& row) {
  RunRecord run;
  run.id = RunId{row.getColumn("id").getInt64()};
  run.identity = row.getColumn("identity").getString();
  run.group_identity = row.getColumn("group_identity").getString();
  if (run.group_identity.empty()) run.group_identity = run.identity;
  run.experiment = row.getColumn("experiment").getString();
  run.experiment_version = row.getColumn("experiment_version").getInt();
  run.seed = static_cast<std::uint64_t>(row.getColumn("seed").getInt64());
  run.epochs = row.getColumn("epochs").getInt();
  run.status = run_status(row.getColumn("status").getString());
  run.inputs.data = row.getColumn("data_fingerprint").getString();
  run.inputs.weights = row.getColumn("weights_fingerprint").getString();
  run.code_version = row.getColumn("code_version").getString();
  run.created_at = row.getColumn("created_at").getDouble();
  run.started_at = optional_real(row.getColumn("started_at"));
  run.ended_at = optional_real(row.getColumn("ended_at"));
  run.error = row.getColumn("error").getString();
  run.epochs_done = row.getColumn("epochs_done").getInt();
  run.trained = Seconds(row.getColumn("trained_seconds").getDouble());
  run.trashed_at = optional_real(row.getColumn("trashed_at"));
  return run;
}

SweepRecord read_sweep(Statement& row) {
  SweepRecord sweep;
  sweep.id = row.getColumn("id").getInt64();
  sweep.name = row.getColumn("name").getString();
  sweep.content_hash = row.getColumn("content_hash").getString();
  sweep.file = row.getColumn("file").getString();
  sweep.text = row.getColumn("text").getString();
  sweep.overrides = text_list(row.getColumn("overrides").getString());
  sweep.compare_by = row.getColumn("compare_by").getString();
  sweep.recorded_at = row.getColumn("recorded_at").getDouble();
  return sweep;
}

}  // namespace

Query::Query(const std::filesystem::path& folder)
    : connection_(Connection::open_for_reading(folder)) {}

std::vector<RunRecord> Query::read_runs(const std::string& condition, const std::string& order,
                                        std::optional<std::int64_t> argument) const {
  SQLite::Database& database = connection_.database();
  // `condition` and `order` are constants of this file; only `argument` comes from outside.
  const std::string chosen = "from run " + condition;
  Statement row(database, "select run.* " + chosen + " order by " + order);
  if (argument) row.bind(":argument", *argument);
  std::vector<RunRecord> runs;
  std::map<std::int64_t, std::size_t> index;
  while (row.executeStep()) {
    index[row.getColumn("id").getInt64()] = runs.size();
    runs.push_back(read_run(row));
  }

  Statement parameter(database,
                      "select run_id, name, type, value from parameter where run_id in "
                      "(select run.id " +
                          chosen + ")");
  if (argument) parameter.bind(":argument", *argument);
  while (parameter.executeStep()) {
    const auto found = index.find(parameter.getColumn(0).getInt64());
    if (found != index.end()) read_parameter(parameter, runs[found->second]);
  }
  return runs;
}

std::vector<RunRecord> Query::runs() const {
  return read_runs("where run.trashed_at is null", "run.id", std::nullopt);
}

std::vector<RunRecord> Query::trashed_runs() const {
  return read_runs("where run.trashed_at is not null", "run.trashed_at, run.id", std::nullopt);
}

std::vector<RunId> Query::select(const RunSelection& selection) const {
  return select_runs(connection_.database(), selection);
}

std::vector<RunRecord> Query::runs_of_sweep(std::int64_t sweep) const {
  return read_runs(
      "join sweep_run on sweep_run.run_id = run.id and sweep_run.sweep_id = :argument "
      "where run.trashed_at is null",
      "sweep_run.position", sweep);
}

RunRecord Query::run(RunId id) const {
  std::vector<RunRecord> found = read_runs("where run.id = :argument", "run.id", id.value);
  if (found.empty()) throw Error(fmt::format("there is no run number {}", id.value), folder());
  return found.front();
}

std::vector<RunRecord> Query::bare_runs_by_id(const std::vector<RunId>& ids) const {
  Statement row(
      connection_.database(),
      "select run.* from json_each(:ids) as wanted cross join run on run.id = wanted.value "
      "order by wanted.key");
  row.bind(":ids", id_list(ids));
  std::vector<RunRecord> runs;
  runs.reserve(ids.size());
  while (row.executeStep()) runs.push_back(read_run(row));
  if (runs.size() != ids.size()) throw Error("a run is not there any more", folder());
  return runs;
}

std::vector<RunRecord> Query::runs_by_id(const std::vector<RunId>& ids) const {
  std::vector<RunRecord> runs = bare_runs_by_id(ids);
  std::map<std::int64_t, std::size_t> index;
  for (std::size_t i = 0; i < runs.size(); ++i) index[runs[i].id.value] = i;
  Statement parameter(
      connection_.database(),
      "select run_id, name, parameter.type, parameter.value "
      "from json_each(:ids) as wanted cross join parameter on run_id = wanted.value");
  parameter.bind(":ids", id_list(ids));
  while (parameter.executeStep()) {
    read_parameter(parameter, runs[index.at(parameter.getColumn(0).getInt64())]);
  }
  return runs;
}

std::vector<std::string> Query::parameter_names(const std::vector<RunId>& ids) const {
  Statement row(connection_.database(),
                "select distinct name from json_each(:ids) as wanted "
                "cross join parameter on run_id = wanted.value order by name");
  row.bind(":ids", id_list(ids));
  std::vector<std::string> names;
  while (row.executeStep()) names.push_back(row.getColumn(0).getString());
  return names;
}

std::vector<std::string> Query::varying_parameters() const {
  // From name to name, and to the first and last value of each, in the index: a few steps a name.
  Statement row(connection_.database(),
                "with recursive known(name) as (select min(name) from parameter union all "
                "select (select min(name) from parameter where name > known.name) from known "
                "where known.name is not null) "
                "select name from known where name is not null and "
                "(select min(value) from parameter where parameter.name = known.name) is not "
                "(select max(value) from parameter where parameter.name = known.name)");
  std::vector<std::string> names;
  while (row.executeStep()) names.push_back(row.getColumn(0).getString());
  return names;
}

std::map<RunId, ParameterValue> Query::parameter(const std::vector<RunId>& ids,
                                                 const std::string& name) const {
  Statement row(connection_.database(),
                "select run_id, parameter.type, parameter.value from json_each(:ids) as wanted "
                "cross join parameter on run_id = wanted.value and name = :name");
  row.bind(":ids", id_list(ids));
  row.bind(":name", name);
  std::map<RunId, ParameterValue> values;
  while (row.executeStep()) {
    values.emplace(RunId{row.getColumn(0).getInt64()},
                   parameter_value(row.getColumn(1).getString(), row.getColumn(2)));
  }
  return values;
}

WholeRun Query::whole_run(RunRecord run) const {
  WholeRun whole;
  whole.epochs = epochs(run.id);
  auto series = utilisation(run.id);
  for (EpochRecord& epoch : whole.epochs) epoch.utilisation = std::move(series[epoch.number]);
  whole.attempts = attempts(run.id);
  whole.artifacts = artifacts(run.id);
  whole.events = events(run.id);
  whole.tags = tags(run.id);
  whole.notes = notes(run.id);
  whole.run = std::move(run);
  return whole;
}

std::optional<RunRecord> Query::run_by_identity(const std::string& identity) const {
  Statement row(connection_.database(), "select id from run where identity = :identity");
  row.bind(":identity", identity);
  if (!row.executeStep()) return std::nullopt;
  return run(RunId{row.getColumn(0).getInt64()});
}

std::vector<WholeSweep> Query::whole_sweeps() const {
  std::vector<WholeSweep> sweeps;
  Statement row(connection_.database(), "select * from sweep order by id");
  while (row.executeStep()) sweeps.push_back({read_sweep(row), {}});
  Statement member(connection_.database(),
                   "select position, identity from sweep_run join run on run.id = run_id "
                   "where sweep_id = :sweep");
  for (WholeSweep& sweep : sweeps) {
    member.bind(":sweep", sweep.sweep.id);
    while (member.executeStep()) {
      sweep.runs[member.getColumn(0).getInt64()] = member.getColumn(1).getString();
    }
    member.reset();
  }
  return sweeps;
}

RunRecord Query::run_by_prefix(std::string_view prefix) const {
  const bool is_hex = prefix.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (prefix.empty() || prefix.size() > 64 || !is_hex) {
    throw Error(fmt::format("'{}' is not a run", prefix.substr(0, 80)), {},
                "name a run as `epochal ls` shows it, such as 3f9c2a");
  }
  Statement row(connection_.database(),
                "select id, identity from run where identity >= :prefix and identity < :end "
                "order by identity limit 2");
  row.bind(":prefix", std::string(prefix));
  row.bind(":end", std::string(prefix) + "g");  // behind every hex digit
  std::vector<RunId> found;
  while (row.executeStep()) found.push_back(RunId{row.getColumn(0).getInt64()});
  if (found.empty()) {
    throw Error(fmt::format("no run starts with '{}'", prefix), folder(),
                "see `epochal ls` for the runs");
  }
  if (found.size() > 1) {
    throw Error(fmt::format("several runs start with '{}'", prefix), folder(),
                "give more of its digits");
  }
  return run(found.front());
}

std::optional<SweepRecord> Query::sweep(const std::string& name,
                                        const std::string& content_hash) const {
  Statement row(connection_.database(),
                "select * from sweep where name = :name and (:hash = '' or content_hash = :hash) "
                "order by recorded_at desc limit 1");
  row.bind(":name", name);
  row.bind(":hash", content_hash);
  if (!row.executeStep()) return std::nullopt;
  return read_sweep(row);
}

std::vector<EpochRecord> Query::epochs(RunId run) const {
  SQLite::Database& database = connection_.database();
  Statement row(database, "select * from epoch where run_id = :run order by number");
  row.bind(":run", run.value);
  std::vector<EpochRecord> epochs;
  while (row.executeStep()) {
    EpochRecord epoch;
    epoch.number = row.getColumn("number").getInt();
    epoch.attempt = AttemptId{row.getColumn("attempt_id").getInt64()};
    epoch.started_at = row.getColumn("started_at").getDouble();
    epoch.seconds = Seconds(row.getColumn("seconds").getDouble());
    epoch.train_seconds = Seconds(row.getColumn("train_seconds").getDouble());
    epoch.data_wait_seconds = Seconds(row.getColumn("data_wait_seconds").getDouble());
    epoch.samples = row.getColumn("samples").getInt64();
    epoch.learning_rate = optional_real(row.getColumn("learning_rate"));
    epoch.peak_host_memory = optional_integer(row.getColumn("peak_host_bytes"));
    epoch.peak_device_memory = optional_integer(row.getColumn("peak_device_bytes"));
    epoch.cpu_use = optional_real(row.getColumn("cpu_use"));
    epoch.gpu_use = optional_real(row.getColumn("gpu_use"));
    epochs.push_back(std::move(epoch));
  }

  Statement metric(database,
                   "select metric.epoch, metric_name.name, metric.value from metric "
                   "join metric_name on metric_name.id = metric.name_id "
                   "where metric.run_id = :run");
  metric.bind(":run", run.value);
  while (metric.executeStep()) {
    const Epoch number = metric.getColumn(0).getInt();
    const auto epoch =
        std::lower_bound(epochs.begin(), epochs.end(), number,
                         [](const EpochRecord& e, Epoch wanted) { return e.number < wanted; });
    if (epoch == epochs.end() || epoch->number != number) continue;
    epoch->metrics[metric.getColumn(1).getString()] = real_or_nan(metric.getColumn(2));
  }
  return epochs;
}

std::vector<AttemptRecord> Query::select_attempts(const std::string& condition,
                                                  std::int64_t argument) const {
  Statement row(connection_.database(),
                "select attempt.*, host.name as host_name, host.cpu, host.cores, "
                "host.memory_bytes, host.gpu, host.gpu_memory_bytes, host.gpu_driver, host.os "
                "from attempt join host on host.id = attempt.host_id where " +
                    condition + " order by attempt.id");
  row.bind(":argument", argument);
  std::vector<AttemptRecord> attempts;
  while (row.executeStep()) {
    AttemptRecord attempt;
    attempt.id = AttemptId{row.getColumn("id").getInt64()};
    attempt.run = RunId{row.getColumn("run_id").getInt64()};
    attempt.host.name = row.getColumn("host_name").getString();
    attempt.host.cpu = row.getColumn("cpu").getString();
    attempt.host.cores = row.getColumn("cores").getInt();
    attempt.host.memory_bytes = row.getColumn("memory_bytes").getInt64();
    attempt.host.gpu = row.getColumn("gpu").getString();
    attempt.host.gpu_memory_bytes = optional_integer(row.getColumn("gpu_memory_bytes"));
    attempt.host.gpu_driver = row.getColumn("gpu_driver").getString();
    attempt.host.os = row.getColumn("os").getString();
    attempt.pid = row.getColumn("pid").getInt64();
    attempt.pid_start = row.getColumn("pid_start").getInt64();
    attempt.device = row.getColumn("device").getString();
    attempt.threads = row.getColumn("threads").getInt();
    attempt.libraries = text_map(row.getColumn("libraries").getString());
    attempt.provenance.command = row.getColumn("command").getString();
    attempt.provenance.directory = row.getColumn("directory").getString();
    attempt.provenance.git_commit = row.getColumn("git_commit").getString();
    attempt.provenance.git_is_dirty = row.getColumn("git_is_dirty").getInt() != 0;
    attempt.provenance.environment = text_map(row.getColumn("environment").getString());
    attempt.started_at = row.getColumn("started_at").getDouble();
    attempt.heartbeat_at = row.getColumn("heartbeat_at").getDouble();
    attempt.ended_at = optional_real(row.getColumn("ended_at"));
    attempt.end_reason = row.getColumn("end_reason").getString();
    attempt.first_epoch = optional_epoch(row.getColumn("first_epoch"));
    attempt.last_epoch = optional_epoch(row.getColumn("last_epoch"));
    if (const auto doing = optional_epoch(row.getColumn("doing_epoch"))) {
      attempt.live = LiveProgress{*doing, row.getColumn("done_samples").getInt64(),
                                  row.getColumn("total_samples").getInt64()};
    }
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

std::vector<AttemptRecord> Query::attempts(RunId run) const {
  return select_attempts("attempt.run_id = :argument", run.value);
}

std::vector<AttemptRecord> Query::open_attempts() const {
  return select_attempts(
      "attempt.ended_at is null and :argument = 0 and "
      "attempt.run_id in (select id from run where status = 'running')",
      0);
}

std::vector<ArtifactRecord> Query::artifacts(RunId run) const {
  Statement row(connection_.database(),
                "select * from artifact where run_id = :run order by coalesce(epoch, 0), id");
  row.bind(":run", run.value);
  std::vector<ArtifactRecord> artifacts;
  while (row.executeStep()) {
    ArtifactRecord artifact;
    artifact.kind = artifact_kind(row.getColumn("kind").getString());
    artifact.name = row.getColumn("name").getString();
    artifact.caption = row.getColumn("caption").getString();
    artifact.path = row.getColumn("path").getString();
    artifact.sha256 = row.getColumn("sha256").getString();
    artifact.bytes = row.getColumn("bytes").getInt64();
    artifact.epoch = optional_epoch(row.getColumn("epoch"));
    artifacts.push_back(std::move(artifact));
  }
  return artifacts;
}

std::vector<EventRecord> Query::events(RunId run) const {
  Statement row(connection_.database(),
                "select at, kind, text from event where run_id = :run order by id");
  row.bind(":run", run.value);
  std::vector<EventRecord> events;
  while (row.executeStep()) {
    events.push_back(
        {row.getColumn(0).getDouble(), row.getColumn(1).getString(), row.getColumn(2).getString()});
  }
  return events;
}

std::vector<ClusterJob> Query::open_cluster_jobs() const {
  std::vector<ClusterJob> jobs;
  Statement row(connection_.database(),
                "select id, job, folder, submitted_at from cluster_job where ended_at is null "
                "order by id");
  while (row.executeStep()) {
    ClusterJob job;
    job.id = row.getColumn(0).getInt64();
    job.job = row.getColumn(1).getString();
    job.folder = row.getColumn(2).getString();
    job.submitted_at = row.getColumn(3).getDouble();
    jobs.push_back(std::move(job));
  }
  Statement task(connection_.database(),
                 "select run_id, task from cluster_task where job_id = :job");
  for (ClusterJob& job : jobs) {
    task.bind(":job", job.id);
    while (task.executeStep()) {
      job.tasks[RunId{task.getColumn(0).getInt64()}] = task.getColumn(1).getInt();
    }
    task.reset();
  }
  return jobs;
}

std::map<RunId, std::map<Epoch, double>> Query::curves(std::int64_t sweep,
                                                       const std::string& metric, RunId run,
                                                       const std::string& within) const {
  Statement row(connection_.database(),
                "select metric.run_id, metric.epoch, metric.value from sweep_run "
                "join metric on metric.run_id = sweep_run.run_id "
                "and metric.name_id = (select id from metric_name where name = :metric) "
                "where sweep_run.sweep_id = :sweep and (:within = '' or exists "
                "(select 1 from parameter as own join parameter as other "
                "on other.name = own.name and other.value = own.value "
                "where own.run_id = :run and own.name = :within and "
                "other.run_id = sweep_run.run_id))");
  row.bind(":metric", metric);
  row.bind(":sweep", sweep);
  row.bind(":run", run.value);
  row.bind(":within", within);
  std::map<RunId, std::map<Epoch, double>> curves;
  while (row.executeStep()) {
    curves[RunId{row.getColumn(0).getInt64()}][row.getColumn(1).getInt()] =
        optional_real(row.getColumn(2)).value_or(std::numeric_limits<double>::quiet_NaN());
  }
  return curves;
}

std::optional<ForecastRecord> Query::forecast(const std::string& identity) const {
  Statement row(connection_.database(),
                "select made_at, host, device, threads, epochs, seconds, peak_bytes from forecast "
                "where identity = :identity order by made_at desc, id desc limit 1");
  row.bind(":identity", identity);
  if (!row.executeStep()) return std::nullopt;
  ForecastRecord forecast;
  forecast.identity = identity;
  forecast.made_at = row.getColumn("made_at").getDouble();
  forecast.host = row.getColumn("host").getString();
  forecast.device = row.getColumn("device").getString();
  forecast.threads = row.getColumn("threads").getInt();
  forecast.epochs = row.getColumn("epochs").getInt();
  forecast.seconds = Seconds(row.getColumn("seconds").getDouble());
  forecast.peak_bytes = row.getColumn("peak_bytes").getInt64();
  return forecast;
}

std::map<RunId, std::map<std::string, MetricSummary>> Query::metric_summaries(
    const std::vector<RunId>& runs) const {
  Statement row(connection_.database(),
                "select run_id, name, last, lowest, lowest_epoch, highest, highest_epoch, "
                "total / count from json_each(:ids) as wanted "
                "cross join metric_summary on run_id = wanted.value "
                "join metric_name on metric_name.id = name_id");
  row.bind(":ids", id_list(runs));
  std::map<RunId, std::map<std::string, MetricSummary>> summaries;
  while (row.executeStep()) {
    MetricSummary& summary =
        summaries[RunId{row.getColumn(0).getInt64()}][row.getColumn(1).getString()];
    summary.last = real_or_nan(row.getColumn(2));
    summary.lowest = optional_real(row.getColumn(3));
    summary.lowest_epoch = optional_epoch(row.getColumn(4)).value_or(0);
    summary.highest = optional_real(row.getColumn(5));
    summary.highest_epoch = optional_epoch(row.getColumn(6)).value_or(0);
    summary.mean = real_or_nan(row.getColumn(7));
  }
  return summaries;
}

std::map<std::string, std::string> Query::tags(RunId run) const {
  return tags_of({run})[run];
}

std::map<RunId, std::map<std::string, std::string>> Query::tags_of(
    const std::vector<RunId>& runs) const {
  Statement row(connection_.database(),
                "select run_id, name, tag.value from json_each(:ids) as wanted "
                "cross join tag on run_id = wanted.value");
  row.bind(":ids", id_list(runs));
  std::map<RunId, std::map<std::string, std::string>> tags;
  while (row.executeStep()) {
    tags[RunId{row.getColumn(0).getInt64()}][row.getColumn(1).getString()] =
        row.getColumn(2).getString();
  }
  return tags;
}

std::vector<NoteRecord> Query::notes(RunId run) const {
  Statement row(connection_.database(),
                "select at, text from note where run_id = :run order by id");
  row.bind(":run", run.value);
  std::vector<NoteRecord> notes;
  while (row.executeStep()) {
    notes.push_back({row.getColumn(0).getDouble(), row.getColumn(1).getString()});
  }
  return notes;
}

std::map<Epoch, std::vector<UtilisationPoint>> Query::utilisation(RunId run) const {
  Statement row(connection_.database(),
                "select epoch, seconds, cpu, host_bytes, gpu, gpu_bytes from utilisation "
                "where run_id = :run order by epoch, seconds");
  row.bind(":run", run.value);
  std::map<Epoch, std::vector<UtilisationPoint>> series;
  while (row.executeStep()) {
    series[row.getColumn(0).getInt()].push_back(
        {Seconds(row.getColumn(1).getDouble()), optional_real(row.getColumn(2)),
         optional_integer(row.getColumn(3)), optional_real(row.getColumn(4)),
         optional_integer(row.getColumn(5))});
  }
  return series;
}

std::vector<SweepRecord> Query::sweeps_of(RunId run) const {
  Statement row(connection_.database(),
                "select sweep.* from sweep join sweep_run on sweep_run.sweep_id = sweep.id "
                "where sweep_run.run_id = :run order by recorded_at desc");
  row.bind(":run", run.value);
  std::vector<SweepRecord> sweeps;
  while (row.executeStep()) sweeps.push_back(read_sweep(row));
  return sweeps;
}

Query::Health Query::health() const {
  SQLite::Database& database = connection_.database();
  Health health;
  health.integrity = database.execAndGet("pragma quick_check(1)").getString();
  if (health.integrity != "ok") return health;
  health.runs = database.execAndGet("select count(*) from run").getInt64();
  health.epochs = database.execAndGet("select count(*) from epoch").getInt64();
  return health;
}

}  // namespace epochal

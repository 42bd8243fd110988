// Reads runs, sweeps and the store as a whole.

#include "db/query.h"

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "db/query_columns.h"
#include "framework/base/error.h"

namespace epochal::store {
namespace {

using SQLite::Column;
using SQLite::Statement;

ParameterValue parameter_value(const std::string& type, const Column& column) {
  if (type == "boolean") return column.getInt64() != 0;
  if (type == "integer") return std::int64_t{column.getInt64()};
  if (type == "real") return column.getDouble();
  return column.getString();
}

/// Columns 1 to 3: name, type, value.
void read_parameter(Statement& row, RunRecord& run) {
  run.parameters.set(row.getColumn(1).getString(),
                     parameter_value(row.getColumn(2).getString(), row.getColumn(3)));
}

/// Checks an identity: files are named by it, and the store may come from a stranger.
void check_identity(const std::string& identity, const std::filesystem::path& store) {
  const bool is_hex = identity.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (identity.size() == 64 && is_hex) return;
  throw Error("the store has a run with an invalid identity", store,
              "check it with `epochal doctor`");
}

RunStatus status_of(Statement& row, const RunRecord& run, const std::filesystem::path& store) {
  try {
    return run_status(row.getColumn("status").getString());
  } catch (const Error& error) {
    throw Error(error.fault(), fmt::format("run {} of {}", run.short_identity(), store.string()),
                error.hint());
  }
}

RunRecord read_run(Statement& row, const std::filesystem::path& store) {
  RunRecord run;
  run.id = RunId{row.getColumn("id").getInt64()};
  run.identity = row.getColumn("identity").getString();
  check_identity(run.identity, store);
  run.group_identity = row.getColumn("group_identity").getString();
  if (run.group_identity.empty()) run.group_identity = run.identity;
  run.experiment = row.getColumn("experiment").getString();
  run.experiment_version = row.getColumn("experiment_version").getInt();
  run.seed = static_cast<std::uint64_t>(row.getColumn("seed").getInt64());
  run.epochs = row.getColumn("epochs").getInt();
  run.status = status_of(row, run, store);
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

SweepRecord read_sweep(Statement& row, const std::filesystem::path& folder) {
  SweepRecord sweep;
  sweep.id = row.getColumn("id").getInt64();
  sweep.name = row.getColumn("name").getString();
  sweep.content_hash = row.getColumn("content_hash").getString();
  sweep.file = row.getColumn("file").getString();
  sweep.text = row.getColumn("text").getString();
  sweep.overrides = text_list(row.getColumn("overrides").getString(),
                              [&] { return "sweep " + sweep.name + " of " + folder.string(); });
  sweep.compare_by = row.getColumn("compare_by").getString();
  sweep.recorded_at = row.getColumn("recorded_at").getDouble();
  return sweep;
}

/// `known`: the names of all parameters. It jumps in the index from name to name.
constexpr char kKnownParameters[] =
    "with recursive known(name) as (select min(name) from parameter union all "
    "select (select min(name) from parameter where name > known.name) from known "
    "where known.name is not null) ";

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
    runs.push_back(read_run(row, folder()));
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

FilterField Query::field(std::string_view text) const {
  const FilterField field = parse_field(text);
  try {
    return resolved_field(connection_.database(), field);
  } catch (const Error& error) {
    throw Error(error.fault(), fmt::format("'{}'", text.substr(0, 80)), error.hint());
  }
}

std::vector<RunRecord> Query::runs_of_sweep(std::int64_t sweep) const {
  return read_runs(
      "join sweep_run on sweep_run.run_id = run.id and sweep_run.sweep_id = :argument "
      "where run.trashed_at is null",
      "sweep_run.position", sweep);
}

std::optional<RunRecord> Query::find_run(RunId id) const {
  std::vector<RunRecord> found = read_runs("where run.id = :argument", "run.id", id.value);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

RunRecord Query::run(RunId id) const {
  std::optional<RunRecord> found = find_run(id);
  if (!found) throw Error(fmt::format("there is no run number {}", id.value), folder());
  return *std::move(found);
}

std::vector<RunRecord> Query::bare_runs_by_id(const std::vector<RunId>& ids) const {
  Statement row(
      connection_.database(),
      "select run.* from json_each(:ids) as wanted cross join run on run.id = wanted.value "
      "order by wanted.key");
  row.bind(":ids", id_list(ids));
  return read_all(row, [&](Statement& one) { return read_run(one, folder()); });
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
  return texts_of(row);
}

std::map<RunId, CellValue> Query::field(const std::vector<RunId>& ids,
                                        const RunField& field) const {
  Statement row(connection_.database(),
                fmt::format("select run.id, {} from json_each(:ids) as wanted "
                            "cross join run on run.id = wanted.value",
                            field.value()));
  row.bind(":ids", id_list(ids));
  std::map<RunId, CellValue> values;
  while (row.executeStep()) {
    const Column value = row.getColumn(1);
    if (value.isNull()) continue;
    CellValue& cell = values[RunId{row.getColumn(0).getInt64()}];
    if (value.isInteger()) {
      cell = std::int64_t{value.getInt64()};
    } else if (value.isFloat()) {
      cell = value.getDouble();
    } else {
      cell = value.getString();
    }
  }
  return values;
}

std::vector<std::string> Query::parameter_names() const {
  return texts_of(connection_.database(),
                  std::string(kKnownParameters) + "select name from known where name is not null");
}

std::vector<std::string> Query::tag_names() const {
  return texts_of(connection_.database(), "select distinct name from tag order by name");
}

std::map<std::pair<std::string, std::string>, std::int64_t> Query::run_counts() const {
  Statement row(connection_.database(),
                "select experiment, status, count(*) from run where trashed_at is null "
                "group by experiment, status");
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;
  while (row.executeStep()) {
    counts[{row.getColumn(0).getString(), row.getColumn(1).getString()}] =
        row.getColumn(2).getInt64();
  }
  return counts;
}

std::vector<std::string> Query::varying_parameters() const {
  // The first and the last value of each, by the index too.
  return texts_of(connection_.database(),
                  std::string(kKnownParameters) +
                      "select name from known where name is not null and "
                      "(select min(value) from parameter where parameter.name = known.name) is not "
                      "(select max(value) from parameter where parameter.name = known.name)");
}

std::map<RunId, ParameterValue> Query::parameter(const std::vector<RunId>& ids,
                                                 const std::string& name) const {
  Statement row(connection_.database(),
                "select run_id, parameter.type, parameter.value from json_each(:ids) as wanted "
                "cross join parameter on run_id = wanted.value and name = :name");
  bind_values(row, {{":ids", id_list(ids)}, {":name", name}});
  std::map<RunId, ParameterValue> values;
  while (row.executeStep()) {
    values.emplace(RunId{row.getColumn(0).getInt64()},
                   parameter_value(row.getColumn(1).getString(), row.getColumn(2)));
  }
  return values;
}

std::optional<RunRecord> Query::run_by_identity(const std::string& identity) const {
  Statement row(connection_.database(), "select id from run where identity = :identity");
  row.bind(":identity", identity);
  if (!row.executeStep()) return std::nullopt;
  return run(RunId{row.getColumn(0).getInt64()});
}

std::vector<SweepRecord> Query::sweeps() const {
  Statement row(connection_.database(), "select * from sweep order by recorded_at desc, id desc");
  return read_all(row, [&](Statement& one) { return read_sweep(one, folder()); });
}

std::vector<WholeSweep> Query::whole_sweeps() const {
  std::vector<WholeSweep> sweeps;
  Statement row(connection_.database(), "select * from sweep order by id");
  while (row.executeStep()) sweeps.push_back({read_sweep(row, folder()), {}, {}});
  Statement member(connection_.database(),
                   "select position, identity from sweep_run join run on run.id = run_id "
                   "where sweep_id = :sweep");
  for (WholeSweep& sweep : sweeps) {
    member.bind(":sweep", sweep.sweep.id);
    while (member.executeStep()) {
      sweep.runs[member.getColumn(0).getInt64()] = member.getColumn(1).getString();
    }
    member.reset();
    sweep.trials = whole_trials(sweep.sweep.id);
  }
  return sweeps;
}

std::optional<SweepRecord> Query::sweep(const std::string& name,
                                        const std::string& content_hash) const {
  Statement row(connection_.database(),
                "select * from sweep where name = :name and "
                "substr(content_hash, 1, length(:hash)) = :hash "
                "order by recorded_at desc limit 1");
  bind_values(row, {{":name", name}, {":hash", content_hash}});
  if (!row.executeStep()) return std::nullopt;
  return read_sweep(row, folder());
}

std::optional<SweepRecord> Query::newest_sweep() const {
  Statement row(connection_.database(),
                "select * from sweep order by recorded_at desc, id desc limit 1");
  if (!row.executeStep()) return std::nullopt;
  return read_sweep(row, folder());
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
                                                       const std::set<std::string>& within) const {
  Statement row(connection_.database(),
                "select metric.run_id, metric.epoch, metric.value from sweep_run "
                "join metric on metric.run_id = sweep_run.run_id "
                "and metric.name_id = (select id from metric_name where name = :metric) "
                "where sweep_run.sweep_id = :sweep and not exists "
                "(select 1 from json_each(:within) as wanted where "
                "(select value from parameter where run_id = :run and name = wanted.value) is not "
                "(select value from parameter where run_id = sweep_run.run_id and "
                "name = wanted.value))");
  row.bind(":metric", metric);
  row.bind(":sweep", sweep);
  row.bind(":run", run.value);
  row.bind(":within", nlohmann::json(within).dump());
  std::map<RunId, std::map<Epoch, double>> curves;
  while (row.executeStep()) {
    curves[RunId{row.getColumn(0).getInt64()}][row.getColumn(1).getInt()] =
        real_or_nan(row.getColumn(2));
  }
  return curves;
}

std::map<RunId, std::int64_t> Query::places(std::int64_t sweep) const {
  Statement row(connection_.database(),
                "select run_id, position - 1 from sweep_run where sweep_id = :sweep");
  row.bind(":sweep", sweep);
  std::map<RunId, std::int64_t> places;
  while (row.executeStep()) {
    places[RunId{row.getColumn(0).getInt64()}] = row.getColumn(1).getInt64();
  }
  return places;
}

std::optional<ForecastRecord> Query::forecast(const std::string& identity) const {
  Statement row(connection_.database(),
                "select made_at, host, device, threads, epochs, seconds, peak_bytes, "
                "peak_device_bytes from forecast where identity = :identity order by made_at desc, "
                "id desc limit 1");
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
  forecast.peak_device_bytes = optional_integer(row.getColumn("peak_device_bytes"));
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

std::map<RunId, std::string> Query::builds(const std::vector<RunId>& runs) const {
  Statement row(connection_.database(),
                "select wanted.value, build from json_each(:ids) as wanted cross join attempt "
                "on attempt.id = (select attempt_id from epoch where run_id = wanted.value "
                "order by number desc limit 1) where build != ''");
  row.bind(":ids", id_list(runs));
  std::map<RunId, std::string> builds;
  while (row.executeStep()) {
    builds[RunId{row.getColumn(0).getInt64()}] = row.getColumn(1).getString();
  }
  return builds;
}

std::map<std::int64_t, SweepProgress> Query::sweep_progress(
    std::optional<std::int64_t> sweep) const {
  // A stranger's store may hold any numbers: these sums cannot overflow.
  Statement row(
      connection_.database(),
      std::string("select sweep_id, status, count(*), "
                  "sum(min(max(epochs_done, 0), 1000000000)), "
                  "sum(min(max(epochs, 0), 1000000000)) from sweep_run join run on run.id = run_id "
                  "where trashed_at is null ") +
          (sweep ? "and sweep_id = :sweep " : "") + "group by sweep_id, status");
  if (sweep) row.bind(":sweep", *sweep);
  std::map<std::int64_t, SweepProgress> found;
  while (row.executeStep()) {
    SweepProgress& progress = found[row.getColumn(0).getInt64()];
    const std::int64_t runs = row.getColumn(2).getInt64();
    progress.runs += runs;
    progress.statuses[row.getColumn(1).getString()] += runs;
    progress.epochs_done += row.getColumn(3).getInt64();
    progress.epochs += row.getColumn(4).getInt64();
  }
  return found;
}

std::vector<SweepRecord> Query::sweeps_of(RunId run) const {
  Statement row(connection_.database(),
                "select sweep.* from sweep join sweep_run on sweep_run.sweep_id = sweep.id "
                "where sweep_run.run_id = :run order by recorded_at desc");
  row.bind(":run", run.value);
  return read_all(row, [&](Statement& one) { return read_sweep(one, folder()); });
}

Query::Health Query::health() const {
  SQLite::Database& database = connection_.database();
  Health health;
  const SelfCheck check = self_check(database, folder() / "epochal.db");
  health.damage = check.damage;
  if (!health.damage.empty()) return health;
  health.faults = row_faults(database, folder(), check.rules);
  health.runs = database.execAndGet("select count(*) from run").getInt64();
  health.epochs = database.execAndGet("select count(*) from epoch").getInt64();
  return health;
}

}  // namespace epochal::store

// Reads the parts of one run: epochs, attempts, artifacts, events, labels, utilisation.

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <algorithm>

#include "db/query.h"
#include "db/query_columns.h"

namespace epochal::store {
namespace {

using SQLite::Statement;

ArtifactRecord::Kind artifact_kind(const std::string& name, const Whose& whose) {
  using Kind = ArtifactRecord::Kind;
  for (const Kind kind : {Kind::checkpoint, Kind::sample, Kind::log, Kind::diff}) {
    if (name_of(kind) == name) return kind;
  }
  throw Error("the record holds a file of an unknown kind", whose(),
              "check the store with `epochal doctor`");
}

}  // namespace

std::string Query::name_of_run(RunId run) const {
  Statement row(connection_.database(), "select substr(identity, 1, 10) from run where id = :run");
  row.bind(":run", run.value);
  const std::string identity = row.executeStep() ? row.getColumn(0).getString() : "";
  return fmt::format("run {} of {}", identity, folder().string());
}

WholeRun Query::whole_run(RunRecord run) const {
  WholeRun whole;
  whole.epochs = bare_epochs(run.id);
  if (const std::int64_t lost = read_metrics(run.id, whole.epochs); lost > 0) {
    throw Error(fmt::format("{} of its values have no metric name or no epoch", lost),
                name_of_run(run.id),
                "check the store with `epochal doctor`; `epochal rm` removes the run");
  }
  auto series = utilisation(run.id);
  for (EpochRecord& epoch : whole.epochs) epoch.utilisation = std::move(series[epoch.number]);
  whole.attempts = attempts(run.id);
  whole.artifacts = artifacts(run.id);
  whole.events = events(run.id);
  whole.choices = choices(run.id);
  whole.tags = tags(run.id);
  whole.notes = notes(run.id);
  whole.run = std::move(run);
  whole.run.command = command(whole.run.id);
  return whole;
}

std::vector<EpochRecord> Query::bare_epochs(RunId run, Epoch after) const {
  Statement row(connection_.database(),
                "select * from epoch where run_id = :run and number > :after order by number");
  bind_values(row, {{":run", run.value}, {":after", after}});
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
    epoch.steps = optional_integer(row.getColumn("steps"));
    epochs.push_back(std::move(epoch));
  }
  return epochs;
}

std::vector<EpochRecord> Query::epochs(RunId run) const {
  std::vector<EpochRecord> epochs = bare_epochs(run);
  read_metrics(run, epochs);
  return epochs;
}

std::int64_t Query::read_metrics(RunId run, std::vector<EpochRecord>& epochs) const {
  std::int64_t without_place = 0;
  Statement metric(connection_.database(),
                   "select metric.epoch, metric_name.name, metric.value from metric "
                   "left join metric_name on metric_name.id = metric.name_id "
                   "where metric.run_id = :run");
  metric.bind(":run", run.value);
  while (metric.executeStep()) {
    const Epoch number = metric.getColumn(0).getInt();
    const auto epoch =
        std::lower_bound(epochs.begin(), epochs.end(), number,
                         [](const EpochRecord& e, Epoch wanted) { return e.number < wanted; });
    const bool is_there = epoch != epochs.end() && epoch->number == number;
    if (!is_there || metric.getColumn(1).isNull()) {
      ++without_place;
      continue;
    }
    epoch->metrics[metric.getColumn(1).getString()] = real_or_nan(metric.getColumn(2));
  }
  return without_place;
}

Series Query::series(RunId run, const std::string& metric, Epoch after) const {
  Statement row(connection_.database(),
                "select epoch, value from metric where run_id = :run and "
                "name_id = (select id from metric_name where name = :name) and epoch > :after "
                "order by epoch");
  bind_values(row, {{":run", run.value}, {":name", metric}, {":after", after}});
  Series series;
  while (row.executeStep()) {
    series.push_back({row.getColumn(0).getInt(), real_or_nan(row.getColumn(1))});
  }
  return series;
}

std::vector<std::string> Query::metric_names(const std::vector<RunId>& runs) const {
  Statement row(connection_.database(),
                "select name from metric_name where exists ("
                "select 1 from json_each(:ids) as wanted cross join metric "
                "on run_id = wanted.value and name_id = metric_name.id) order by name");
  row.bind(":ids", id_list(runs));
  return texts_of(row);
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
    const auto whose = [&] { return name_of_run(attempt.run); };
    attempt.host.name = row.getColumn("host_name").getString();
    attempt.host.cpu = row.getColumn("cpu").getString();
    attempt.host.cores = row.getColumn("cores").getInt();
    attempt.host.memory_bytes = row.getColumn("memory_bytes").getInt64();
    attempt.host.gpu = row.getColumn("gpu").getString();
    attempt.host.gpu_memory_bytes = optional_integer(row.getColumn("gpu_memory_bytes"));
    attempt.host.gpu_driver = row.getColumn("gpu_driver").getString();
    attempt.host.os = row.getColumn("os").getString();
    attempt.process.boot = row.getColumn("boot").getString();
    attempt.process.pid_namespace = row.getColumn("pid_namespace").getInt64();
    attempt.process.pid = row.getColumn("pid").getInt64();
    attempt.process.start = row.getColumn("pid_start").getInt64();
    attempt.device = row.getColumn("device").getString();
    attempt.threads = row.getColumn("threads").getInt();
    attempt.libraries = text_map(row.getColumn("libraries").getString(), whose);
    attempt.build = row.getColumn("build").getString();
    attempt.provenance.command = row.getColumn("command").getString();
    attempt.provenance.directory = row.getColumn("directory").getString();
    attempt.provenance.git_commit = row.getColumn("git_commit").getString();
    attempt.provenance.git_is_dirty = row.getColumn("git_is_dirty").getInt() != 0;
    attempt.provenance.environment = text_map(row.getColumn("environment").getString(), whose);
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
    artifact.kind =
        artifact_kind(row.getColumn("kind").getString(), [&] { return name_of_run(run); });
    if (!row.getColumn("type").isNull()) {
      artifact.type = content_type_named(row.getColumn("type").getString());
    }
    artifact.name = row.getColumn("name").getString();
    artifact.caption = row.getColumn("caption").getString();
    artifact.path = row.getColumn("path").getString();
    artifact.sha256 = row.getColumn("sha256").getString();
    artifact.bytes = row.getColumn("bytes").getInt64();
    artifact.epoch = optional_epoch(row.getColumn("epoch"));
    artifact.id = row.getColumn("id").getInt64();
    artifacts.push_back(std::move(artifact));
  }
  return artifacts;
}

std::vector<ArtifactRecord> Query::logs(RunId run) const {
  std::vector<ArtifactRecord> all = artifacts(run);
  std::erase_if(all, [](const ArtifactRecord& artifact) {
    return artifact.kind != ArtifactRecord::Kind::log;
  });
  return all;
}

std::vector<EventRecord> Query::events(RunId run) const {
  Statement row(connection_.database(),
                "select at, kind, text from event where run_id = :run order by id");
  row.bind(":run", run.value);
  return read_all(row, [](const Statement& one) {
    return EventRecord{one.getColumn(0).getDouble(), one.getColumn(1).getString(),
                       one.getColumn(2).getString()};
  });
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
  return read_all(row, [](const Statement& one) {
    return NoteRecord{one.getColumn(0).getDouble(), one.getColumn(1).getString()};
  });
}

std::string Query::command(RunId run) const {
  Statement row(connection_.database(),
                "select declaration from run_command join command on command.id = command_id "
                "where run_id = :run");
  row.bind(":run", run.value);
  return row.executeStep() ? row.getColumn(0).getString() : std::string();
}

std::map<Epoch, std::vector<Utilisation>> Query::utilisation(RunId run) const {
  Statement row(connection_.database(),
                "select epoch, seconds, cpu, host_bytes, gpu, gpu_bytes from utilisation "
                "where run_id = :run order by epoch, seconds");
  row.bind(":run", run.value);
  std::map<Epoch, std::vector<Utilisation>> series;
  while (row.executeStep()) {
    series[row.getColumn(0).getInt()].push_back(
        {Seconds(row.getColumn(1).getDouble()), optional_real(row.getColumn(2)),
         optional_integer(row.getColumn(3)), optional_real(row.getColumn(4)),
         optional_integer(row.getColumn(5))});
  }
  return series;
}

}  // namespace epochal::store

// Writes MLflow's SQLite database.

#include "db/exchange/mlflow_database.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include "mlflow_schema.h"

namespace epochal::store {
namespace {

SQLite::Database new_database(const std::filesystem::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  // A stopped export leaves nothing: nothing has to survive a crash.
  database.exec("pragma journal_mode = off");
  database.exec("pragma synchronous = off");
  database.exec("begin");
  database.exec(std::string(embedded::mlflow_schema));
  return database;
}

void run_and_reset(SQLite::Statement& statement) {
  statement.exec();
  statement.reset();
}

/// MLflow stores NaN as 0 with a mark, and infinities as the largest numbers.
void bind_value(SQLite::Statement& statement, double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  statement.bind(":is_nan", std::isnan(value) ? 1 : 0);
  statement.bind(":value", std::isnan(value) ? 0 : std::clamp(value, -kLargest, kLargest));
}

}  // namespace

MlflowDatabase::MlflowDatabase(const std::filesystem::path& file)
    : database_(new_database(file)),
      experiment_(database_,
                  "insert into experiments (experiment_id, name, artifact_location, "
                  "lifecycle_stage, creation_time, last_update_time) values (:id, :name, "
                  ":location, 'active', :at, :at)"),
      run_(database_,
           "insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, "
           "status, start_time, end_time, source_version, lifecycle_stage, artifact_uri, "
           "experiment_id) values (:id, :name, 'LOCAL', 'epochal', '', 'epochal', :status, :start, "
           ":end, '', 'active', :uri, :experiment)"),
      parameter_(database_,
                 "insert into params (key, value, run_uuid) values (:name, :value, :run)"),
      tag_(database_, "insert into tags (key, value, run_uuid) values (:name, :value, :run)"),
      metric_(database_,
              "insert or ignore into metrics (key, value, timestamp, run_uuid, step, is_nan) "
              "values (:name, :value, :at, :run, :step, :is_nan)"),
      last_metric_(database_,
                   "insert into latest_metrics (key, value, timestamp, run_uuid, step, is_nan) "
                   "values (:name, :value, :at, :run, :step, :is_nan)") {}

void MlflowDatabase::add_experiment(const std::string& id, const std::string& name,
                                    const std::string& artifact_location, std::int64_t created) {
  experiment_.bind(":id", std::int64_t{std::stoll(id)});
  experiment_.bind(":name", name);
  experiment_.bind(":location", artifact_location);
  experiment_.bind(":at", created);
  run_and_reset(experiment_);
}

void MlflowDatabase::begin(const Run& run) {
  run_id_ = run.id;
  last_.clear();
  run_.bind(":id", run.id);
  run_.bind(":name", run.name);
  run_.bind(":status", run.status);
  run_.bind(":start", run.start_time);
  if (run.end_time) {
    run_.bind(":end", *run.end_time);
  } else {
    run_.bind(":end");
  }
  run_.bind(":uri", run.artifact_uri);
  run_.bind(":experiment", std::int64_t{std::stoll(run.experiment_id)});
  run_and_reset(run_);
}

void MlflowDatabase::add_parameter(const std::string& name, const std::string& text) {
  parameter_.bind(":name", name);
  parameter_.bind(":value", text);
  parameter_.bind(":run", run_id_);
  run_and_reset(parameter_);
}

void MlflowDatabase::add_tag(const std::string& name, const std::string& text) {
  tag_.bind(":name", name);
  tag_.bind(":value", text);
  tag_.bind(":run", run_id_);
  run_and_reset(tag_);
}

void MlflowDatabase::add_metric(const std::string& name, std::int64_t at, std::int64_t step,
                                double value) {
  metric_.bind(":name", name);
  metric_.bind(":at", at);
  metric_.bind(":run", run_id_);
  metric_.bind(":step", step);
  bind_value(metric_, value);
  run_and_reset(metric_);
  const Point point{step, at, value};
  const auto [known, is_new] = last_.try_emplace(name, point);
  const bool is_later =
      std::tie(point.step, point.at) >= std::tie(known->second.step, known->second.at);
  if (!is_new && is_later) known->second = point;
}

void MlflowDatabase::end_run() {
  for (const auto& [name, point] : last_) {
    last_metric_.bind(":name", name);
    last_metric_.bind(":at", point.at);
    last_metric_.bind(":run", run_id_);
    last_metric_.bind(":step", point.step);
    bind_value(last_metric_, point.value);
    run_and_reset(last_metric_);
  }
}

void MlflowDatabase::close() {
  database_.exec("commit");
}

}  // namespace epochal::store

// Writes MLflow's SQLite database.

#include "db/exchange/mlflow_database.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include "db/named_values.h"
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
  execute(experiment_, {{":id", std::stoll(id)},
                        {":name", name},
                        {":location", artifact_location},
                        {":at", created}});
}

void MlflowDatabase::begin(const Run& run) {
  run_id_ = run.id;
  last_.clear();
  execute(run_, {{":id", run.id},
                 {":name", run.name},
                 {":status", run.status},
                 {":start", run.start_time},
                 {":end", run.end_time},
                 {":uri", run.artifact_uri},
                 {":experiment", std::stoll(run.experiment_id)}});
}

void MlflowDatabase::add_parameter(const std::string& name, const std::string& text) {
  execute(parameter_, {{":name", name}, {":value", text}, {":run", run_id_}});
}

void MlflowDatabase::add_tag(const std::string& name, const std::string& text) {
  execute(tag_, {{":name", name}, {":value", text}, {":run", run_id_}});
}

void MlflowDatabase::add_metric(const std::string& name, std::int64_t at, std::int64_t step,
                                double value) {
  const Point point{step, at, value};
  insert_point(metric_, name, point);
  const auto [known, is_new] = last_.try_emplace(name, point);
  const bool is_later =
      std::tie(point.step, point.at) >= std::tie(known->second.step, known->second.at);
  if (!is_new && is_later) known->second = point;
}

void MlflowDatabase::end_run() {
  for (const auto& [name, point] : last_) insert_point(last_metric_, name, point);
}

/// MLflow stores NaN as 0 with a mark, and infinities as the largest numbers.
void MlflowDatabase::insert_point(SQLite::Statement& insert, const std::string& name,
                                  const Point& point) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  const bool is_nan = std::isnan(point.value);
  execute(insert, {{":name", name},
                   {":at", point.at},
                   {":run", run_id_},
                   {":step", point.step},
                   {":is_nan", is_nan},
                   {":value", is_nan ? 0 : std::clamp(point.value, -kLargest, kLargest)}});
}

void MlflowDatabase::close() {
  database_.exec("commit");
}

}  // namespace epochal::store

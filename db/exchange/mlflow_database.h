#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace epochal::store {

/// Writes the SQLite database of MLflow's tracking server, with the tables of the MLflow version
/// that mlflow_schema.sql names. Names and texts must be UTF-8.
class MlflowDatabase {
 public:
  struct Run {
    std::string id;  ///< 32 hexadecimal digits
    std::string experiment_id;
    std::string name;
    std::string status;           ///< as MLflow names it: "FINISHED"
    std::int64_t start_time = 0;  ///< milliseconds
    std::optional<std::int64_t> end_time;
    std::string artifact_uri;
  };

  /// Creates the file with its tables. Throws SQLite::Exception.
  explicit MlflowDatabase(const std::filesystem::path& file);

  void add_experiment(const std::string& id, const std::string& name,
                      const std::string& artifact_location, std::int64_t created);
  void begin(const Run& run);
  void add_parameter(const std::string& name, const std::string& text);
  void add_tag(const std::string& name, const std::string& text);
  void add_metric(const std::string& name, std::int64_t at, std::int64_t step, double value);
  /// Writes the last value of each metric, which MLflow lists.
  void end_run();
  /// Call this at the end.
  void close();

 private:
  struct Point {
    std::int64_t step = 0;
    std::int64_t at = 0;
    double value = 0;
  };

  void insert_point(SQLite::Statement& insert, const std::string& name, const Point& point);

  SQLite::Database database_;
  SQLite::Statement experiment_;
  SQLite::Statement run_;
  SQLite::Statement parameter_;
  SQLite::Statement tag_;
  SQLite::Statement metric_;
  SQLite::Statement last_metric_;
  std::string run_id_;
  std::map<std::string, Point> last_;
};

}  // namespace epochal::store

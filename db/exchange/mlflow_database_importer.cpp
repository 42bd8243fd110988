// Reads runs from MLflow's SQLite database.

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <limits>

#include "db/exchange/foreign_database.h"
#include "db/exchange/imported_runs.h"
#include "db/exchange/mlflow_run.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;
using SQLite::Statement;

MlflowRun::Texts texts_of_run(SQLite::Database& database, const char* sql, const std::string& run) {
  MlflowRun::Texts texts;
  Statement row(database, sql);
  row.bind(":run", run);
  while (row.executeStep()) texts[row.getColumn(0).getString()] = row.getColumn(1).getString();
  return texts;
}

void add_metrics(SQLite::Database& database, MlflowRun& run) {
  Statement row(database,
                "select key, step, value, is_nan, timestamp from metrics where run_uuid = :run "
                "order by key, step, timestamp, value");
  row.bind(":run", run.id);
  while (row.executeStep()) {
    const bool is_nan = row.getColumn(3).getInt() != 0;
    run.add(row.getColumn(0).getString(), row.getColumn(1).getInt64(),
            is_nan ? std::numeric_limits<double>::quiet_NaN() : row.getColumn(2).getDouble(),
            row.getColumn(4).getDouble() / 1000);
  }
}

/// Where the files of a run are within the folder of the database; empty if they are elsewhere. A
/// database that was moved names folders that may be anybody's: only the end of the path counts.
fs::path artifacts_within(const fs::path& folder, const std::string& uri) {
  fs::path path = uri.starts_with("file://") ? uri.substr(7) : uri;
  path = path.lexically_normal();
  std::error_code error;
  std::vector<fs::path> parts(path.begin(), path.end());
  // mlruns/EXPERIMENT/RUN/artifacts, or EXPERIMENT/RUN/artifacts
  for (const std::size_t count : {std::size_t{4}, std::size_t{3}}) {
    if (parts.size() < count) continue;
    fs::path within;
    for (std::size_t i = parts.size() - count; i < parts.size(); ++i) within /= parts[i];
    if (!within.is_relative() || within.empty() || *within.begin() == "..") continue;
    fs::path there = folder;
    bool is_link = false;
    for (const fs::path& part : within) {
      there /= part;
      is_link = is_link || fs::is_symlink(there, error);
    }
    if (!is_link && fs::is_directory(there, error)) return there;
  }
  return {};
}

}  // namespace

ImportedRuns mlflow_database_runs(const fs::path& file) {
  const auto database = open_foreign_database(
      file, "MLflow", {"alembic_version", "experiments", "runs", "params", "tags", "metrics"});
  ImportedRuns found;
  const fs::path folder = fs::absolute(file).parent_path();
  try {
    Statement row(*database,
                  "select run_uuid, experiments.name, status, start_time, end_time, artifact_uri "
                  "from runs join experiments using (experiment_id) where "
                  "runs.lifecycle_stage = 'active' order by start_time, run_uuid");
    while (row.executeStep()) {
      MlflowRun run;
      run.id = row.getColumn(0).getString();
      run.experiment = row.getColumn(1).getString();
      run.status = row.getColumn(2).getString();
      run.started_at = time_of_mlflow(row.getColumn(3).getDouble());
      run.ended_at = time_of_mlflow(row.getColumn(4).getDouble());
      const std::string where = fmt::format("{}: run {}", file.string(), printable(run.id, 40));
      found.add(where, [&] {
        run.tags =
            texts_of_run(*database, "select key, value from tags where run_uuid = :run", run.id);
        run.parameters =
            texts_of_run(*database, "select key, value from params where run_uuid = :run", run.id);
        add_metrics(*database, run);
        ImportedRun imported = run_of_mlflow(run, where);
        const fs::path artifacts = artifacts_within(folder, row.getColumn(5).getString());
        if (!artifacts.empty()) add_files(artifacts, imported, found.left_out);
        return imported;
      });
    }
    Statement deleted(*database, "select count(*) from runs where lifecycle_stage = 'deleted'");
    if (deleted.executeStep() && deleted.getColumn(0).getInt64() > 0) {
      found.left_out.push_back(
          fmt::format("{} deleted runs were left out", deleted.getColumn(0).getInt64()));
    }
  } catch (const SQLite::Exception& exception) {
    throw Error(fmt::format("the database cannot be read: {}", exception.what()), file,
                "if its MLflow is old, run `mlflow db upgrade sqlite:///FILE` first");
  }
  return found;
}

}  // namespace epochal::store

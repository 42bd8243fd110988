// Reads runs from MLflow's file store. Links are not followed, and the size of files is limited.

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "db/exchange/imported_runs.h"
#include "db/exchange/mlflow_run.h"
#include "db/exchange/run_importer.h"
#include "framework/base/error.h"
#include "framework/base/printable.h"
#include "framework/system/whole_file.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestMeta = 64 << 10;
constexpr std::uintmax_t kLargestValue = 1 << 20;
constexpr std::uintmax_t kLargestMetric = 256 << 20;

using Texts = MlflowRun::Texts;

std::string text_of(const fs::path& file, std::uintmax_t most) {
  std::error_code error;
  if (fs::file_size(file, error) > most || error) {
    throw Error("the file is missing or larger than it should be", file);
  }
  return whole_file(file);
}

/// The folders and files in a folder, by name, without links.
std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_symlink()) entries.push_back(entry.path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

/// The scalars of a meta.yaml.
Texts meta_of(const fs::path& folder) {
  const fs::path file = folder / "meta.yaml";
  Texts meta;
  try {
    const YAML::Node node = YAML::Load(text_of(file, kLargestMeta));
    if (!node.IsMap()) throw Error("the file is not a list of keys and values", file);
    for (const auto& entry : node) {
      if (entry.second.IsScalar()) meta[entry.first.Scalar()] = entry.second.Scalar();
    }
  } catch (const YAML::Exception& exception) {
    throw Error(fmt::format("the file is not YAML: {}", exception.what()), file);
  }
  return meta;
}

std::string value_of(const Texts& meta, const char* key) {
  const auto found = meta.find(key);
  return found == meta.end() ? "" : found->second;
}

/// Files below a folder with their names relative to it: MLflow's names may contain slashes.
std::map<std::string, fs::path> files_below(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (error) break;
    if (entry->is_symlink()) continue;
    if (entry->is_regular_file()) {
      const std::string name = entry->path().lexically_relative(folder).string();
      check_name(name, folder.string());
      files[name] = entry->path();
    }
  }
  return files;
}

void read_metric(const std::string& name, const fs::path& file, MlflowRun& run) {
  std::istringstream lines(text_of(file, kLargestMetric));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty()) continue;
    std::istringstream fields(line);
    double milliseconds = 0;
    std::string value;
    std::int64_t step = 0;
    bool is_whole = static_cast<bool>(fields >> milliseconds >> value);
    fields >> std::ws;
    // Older stores have no step.
    if (is_whole && !fields.eof()) is_whole = static_cast<bool>(fields >> step);
    char* end = nullptr;
    const double metric = std::strtod(value.c_str(), &end);  // "nan" and "inf" too
    if (!is_whole || *end != '\0') {
      throw Error("the line is not 'milliseconds value step'",
                  fmt::format("{}:{}", file.string(), number));
    }
    run.add(name, step, metric, milliseconds / 1000);
  }
}

Texts texts_below(const fs::path& folder) {
  Texts texts;
  for (const auto& [name, file] : files_below(folder)) texts[name] = text_of(file, kLargestValue);
  return texts;
}

ImportedRun read_run(const fs::path& folder, const Texts& meta, const std::string& experiment,
                     std::vector<std::string>& left_out) {
  MlflowRun run;
  run.id = folder.filename().string();
  run.experiment = experiment;
  run.status = value_of(meta, "status");
  run.started_at = time_of_mlflow(std::atof(value_of(meta, "start_time").c_str()));
  run.ended_at = time_of_mlflow(std::atof(value_of(meta, "end_time").c_str()));
  run.tags = texts_below(folder / "tags");
  run.parameters = texts_below(folder / "params");
  for (const auto& [name, file] : files_below(folder / "metrics")) read_metric(name, file, run);
  ImportedRun imported = run_of_mlflow(run, (folder / "meta.yaml").string());
  add_files(folder / "artifacts", imported, left_out);
  return imported;
}

/// Adds the run in a folder, unless it is deleted. Returns whether it is.
bool add_run(const fs::path& folder, const std::string& experiment, ImportedRuns& found) {
  bool is_deleted = false;
  found.add(folder.string(), [&] {
    const Texts meta = meta_of(folder);
    is_deleted = value_of(meta, "lifecycle_stage") == "deleted";
    return is_deleted ? ImportedRun{} : read_run(folder, meta, experiment, found.left_out);
  });
  if (is_deleted) found.runs.pop_back();
  return is_deleted;
}

void read_experiment(const fs::path& folder, ImportedRuns& found) {
  const Texts meta = meta_of(folder);
  const std::string name = meta.contains("name") ? value_of(meta, "name") : "imported";
  std::size_t deleted = 0;
  for (const fs::path& entry : sorted_entries(folder)) {
    std::error_code error;
    if (fs::exists(entry / "meta.yaml", error) && add_run(entry, name, found)) ++deleted;
  }
  if (deleted == 0) return;
  found.left_out.push_back(fmt::format("{} deleted runs of experiment '{}' were left out", deleted,
                                       printable(name, 80)));
}

bool is_run(const Texts& meta) {
  return meta.contains("run_id") || meta.contains("run_uuid");
}

/// Whether this is a database, or a folder with one and without experiments.
std::optional<fs::path> database_at(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return path;
  const fs::path file = path / "mlflow.db";
  return fs::is_regular_file(file, error) && !fs::is_symlink(file, error) ? std::optional(file)
                                                                          : std::nullopt;
}

}  // namespace

ImportedRuns mlflow_runs(const fs::path& path) {
  ImportedRuns found;
  std::error_code error;
  if (fs::exists(path / "meta.yaml", error)) {
    if (is_run(meta_of(path))) {
      add_run(path, "imported", found);
    } else {
      read_experiment(path, found);
    }
    return found;
  }
  bool has_experiments = false;
  for (const fs::path& entry : sorted_entries(path)) {
    if (!fs::exists(entry / "meta.yaml", error)) continue;
    has_experiments = true;
    read_experiment(entry, found);
  }
  if (has_experiments) return found;
  if (const auto database = database_at(path)) return mlflow_database_runs(*database);
  throw Error("there is no run of MLflow here", path,
              "name mlflow.db, or the folder that `mlflow ui --backend-store-uri` takes, such as "
              "mlruns");
}

}  // namespace epochal::store

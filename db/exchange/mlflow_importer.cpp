// Reads runs from MLflow's file store. Links are not followed, and the size of files is limited.

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>

#include "db/exchange/run_exporter.h"
#include "db/exchange/run_importer.h"
#include "db/run_status.h"
#include "framework/system/whole_file.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestMeta = 64 << 10;
constexpr std::uintmax_t kLargestValue = 1 << 20;
constexpr std::uintmax_t kLargestMetric = 256 << 20;
constexpr std::int64_t kLastStep = 10'000'000;

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
std::map<std::string, std::string> meta_of(const fs::path& folder) {
  const fs::path file = folder / "meta.yaml";
  std::map<std::string, std::string> meta;
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

/// Milliseconds as MLflow writes them; none for "None" or "null".
std::optional<Timestamp> time_of(const std::map<std::string, std::string>& meta, const char* key) {
  const auto found = meta.find(key);
  if (found == meta.end()) return std::nullopt;
  const double milliseconds = std::atof(found->second.c_str());
  return milliseconds > 0 ? std::optional(milliseconds / 1000) : std::nullopt;
}

using Texts = std::map<std::string, std::string>;

/// MLflow has no stopped runs: our export calls them finished and adds a tag.
RunStatus status_of(const Texts& meta, const Texts& tags, const fs::path& folder) {
  static const std::map<std::string, RunStatus> kKnown{
      {"1", RunStatus::interrupted}, {"RUNNING", RunStatus::interrupted},
      {"2", RunStatus::interrupted}, {"SCHEDULED", RunStatus::interrupted},
      {"3", RunStatus::finished},    {"FINISHED", RunStatus::finished},
      {"4", RunStatus::failed},      {"FAILED", RunStatus::failed},
      {"5", RunStatus::interrupted}, {"KILLED", RunStatus::interrupted}};
  const auto found = meta.find("status");
  if (found == meta.end()) return RunStatus::interrupted;
  const auto known = kKnown.find(found->second);
  if (known == kKnown.end()) {
    throw Error(fmt::format("'{}' is not a status of a run", found->second.substr(0, 40)),
                folder / "meta.yaml",
                "MLflow has 1 running, 2 scheduled, 3 finished, 4 failed and 5 killed");
  }
  const auto ours = tags.find(std::string(mlflow_tag::kStatus));
  const bool is_stopped = ours != tags.end() && ours->second == name_of(RunStatus::stopped);
  return known->second == RunStatus::finished && is_stopped ? RunStatus::stopped : known->second;
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

struct Step {
  Metrics metrics;
  Timestamp at = 0;
};

void read_metric(const std::string& name, const fs::path& file,
                 std::map<std::int64_t, Step>& steps) {
  std::istringstream lines(text_of(file, kLargestMetric));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty()) continue;
    std::istringstream fields(line);
    double milliseconds = 0;
    std::string value;
    std::int64_t step = 0;
    const bool is_whole = static_cast<bool>(fields >> milliseconds >> value);
    if (is_whole && !(fields >> step)) step = 0;  // older stores have no step
    char* end = nullptr;
    const double metric = std::strtod(value.c_str(), &end);  // "nan" and "inf" too
    if (!is_whole || *end != '\0' || step < 0 || step > kLastStep) {
      throw Error("the line is not 'milliseconds value step'",
                  fmt::format("{}:{}", file.string(), number));
    }
    Step& here = steps[step];
    here.metrics[name] = metric;
    here.at = std::max(here.at, milliseconds / 1000);
  }
}

/// The name of the value in a file: our export stores it in a tag if MLflow does not allow it.
std::string name_of_file(const std::string& file, std::string_view prefix, const Texts& tags,
                         const fs::path& folder) {
  const auto noted = tags.find(std::string(prefix) + file);
  if (noted == tags.end()) return file;
  check_name(noted->second, folder.string());
  return noted->second;
}

/// The value of a tag of our export; `usual` for older exports; empty for runs of other tools.
std::string noted_name(const Texts& tags, std::string_view tag, const std::string& usual) {
  if (const auto noted = tags.find(std::string(tag)); noted != tags.end()) return noted->second;
  return tags.contains("epochal.identity") ? usual : "";
}

/// Removes a metric that our export made from a field of the epoch, and returns its values.
std::optional<double> taken_out(Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  if (found == metrics.end() || !std::isfinite(found->second) || found->second < 0) {
    return std::nullopt;
  }
  const double value = found->second;
  metrics.erase(found);
  return value;
}

WholeRun read_run(const fs::path& folder, const std::string& experiment) {
  const auto meta = meta_of(folder);
  Texts tags;
  for (const auto& [name, file] : files_below(folder / "tags")) {
    tags[name] = text_of(file, kLargestValue);
  }
  WholeRun whole;
  RunRecord& run = whole.run;
  run.experiment = experiment.substr(0, 200);
  run.status = status_of(meta, tags, folder);
  run.started_at = time_of(meta, "start_time");
  run.ended_at = time_of(meta, "end_time");
  for (const auto& [own, file] : files_below(folder / "params")) {
    const std::string name = name_of_file(own, mlflow_tag::kParameter, tags, folder);
    const ParameterValue value = guessed_parameter(text_of(file, kLargestValue));
    const auto* whole_number = std::get_if<std::int64_t>(&value);
    if (name == "seed" && whole_number != nullptr && *whole_number >= 0) {
      run.seed = static_cast<std::uint64_t>(*whole_number);
    } else {
      run.parameters.set(name, value);
    }
  }
  for (const auto& [own, text] : tags) {
    if (own.starts_with("mlflow.") || mlflow_tag::is_note(own)) continue;
    whole.tags[name_of_file(own, mlflow_tag::kTag, tags, folder)] = text;
  }

  std::map<std::int64_t, Step> steps;
  const auto values_by_step = tags.find(std::string(mlflow_tag::kSteps));
  for (const auto& [name, file] : files_below(folder / "metrics")) {
    // An import makes epochs of MLflow's steps: these are none.
    const bool is_by_step =
        values_by_step != tags.end() && name.starts_with(values_by_step->second + "/");
    if (is_by_step) continue;
    read_metric(name_of_file(name, mlflow_tag::kMetric, tags, folder), file, steps);
  }
  const std::string seconds = noted_name(tags, mlflow_tag::kSeconds, "epoch_seconds");
  const std::string learning_rate = noted_name(tags, mlflow_tag::kLearningRate, "learning_rate");
  const std::int64_t offset = !steps.empty() && steps.begin()->first == 0 ? 1 : 0;
  Timestamp before = run.started_at.value_or(0);
  for (auto& [step, values] : steps) {
    EpochRecord epoch;
    epoch.number = static_cast<Epoch>(step + offset);
    if (before == 0) before = values.at;
    epoch.started_at = std::min(before, values.at);
    epoch.seconds = Seconds(values.at - epoch.started_at);
    if (const auto kept = taken_out(values.metrics, seconds)) {
      epoch.seconds = Seconds(*kept);
      epoch.started_at = values.at - *kept;
    }
    epoch.learning_rate = taken_out(values.metrics, learning_rate);
    epoch.train_seconds = epoch.seconds;
    before = values.at;
    epoch.metrics = std::move(values.metrics);
    whole.epochs.push_back(std::move(epoch));
  }
  return finished_import(std::move(whole), "mlflow", folder.filename().string());
}

bool is_run(const std::map<std::string, std::string>& meta) {
  return meta.contains("run_id") || meta.contains("run_uuid");
}

void read_experiment(const fs::path& folder, std::vector<WholeRun>& runs) {
  const auto meta = meta_of(folder);
  const auto name = meta.find("name");
  for (const fs::path& entry : sorted_entries(folder)) {
    if (!fs::exists(entry / "meta.yaml")) continue;
    runs.push_back(read_run(entry, name == meta.end() ? "imported" : name->second));
  }
}

}  // namespace

std::vector<WholeRun> runs_from_mlflow(const fs::path& folder) {
  std::vector<WholeRun> runs;
  if (fs::exists(folder / "meta.yaml")) {
    if (is_run(meta_of(folder))) {
      runs.push_back(read_run(folder, "imported"));
    } else {
      read_experiment(folder, runs);
    }
    return runs;
  }
  for (const fs::path& entry : sorted_entries(folder)) {
    if (fs::exists(entry / "meta.yaml")) read_experiment(entry, runs);
  }
  if (runs.empty()) {
    throw Error("there is no run of MLflow here", folder,
                "name the folder that `mlflow ui --backend-store-uri` takes, such as mlruns");
  }
  return runs;
}

}  // namespace epochal::store

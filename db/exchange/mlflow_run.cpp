// What a run of MLflow is in a store, wherever MLflow kept it.

#include "db/exchange/mlflow_run.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "db/exchange/run_exporter.h"
#include "db/exchange/run_importer.h"
#include "framework/base/error.h"

namespace epochal::store {
namespace {

using Texts = MlflowRun::Texts;

/// MLflow has no stopped runs: our export calls them finished and adds a tag.
RunStatus status_of_mlflow(const MlflowRun& run, const std::string& where) {
  static const std::map<std::string, RunStatus> kKnown{
      {"", RunStatus::interrupted},      {"1", RunStatus::interrupted},
      {"2", RunStatus::interrupted},     {"RUNNING", RunStatus::interrupted},
      {"3", RunStatus::finished},        {"SCHEDULED", RunStatus::interrupted},
      {"4", RunStatus::failed},          {"FINISHED", RunStatus::finished},
      {"5", RunStatus::interrupted},     {"FAILED", RunStatus::failed},
      {"KILLED", RunStatus::interrupted}};
  const auto known = kKnown.find(run.status);
  if (known == kKnown.end()) {
    throw Error(fmt::format("'{}' is not a status of a run", run.status.substr(0, 40)), where,
                "MLflow has 1 running, 2 scheduled, 3 finished, 4 failed and 5 killed");
  }
  const auto ours = run.tags.find(std::string(mlflow_tag::kStatus));
  const bool is_stopped = ours != run.tags.end() && ours->second == name_of(RunStatus::stopped);
  return known->second == RunStatus::finished && is_stopped ? RunStatus::stopped : known->second;
}

/// The name before our export mapped it to one that MLflow allows.
std::string own_name(const std::string& name, std::string_view prefix, const Texts& tags,
                     const std::string& where) {
  const auto noted = tags.find(std::string(prefix) + name);
  const std::string& own = noted == tags.end() ? name : noted->second;
  check_name(own, where);
  return own;
}

/// The value of a tag of our export; `usual` for older exports; empty for runs of other tools.
std::string noted_name(const Texts& tags, std::string_view tag, const std::string& usual) {
  if (const auto noted = tags.find(std::string(tag)); noted != tags.end()) return noted->second;
  return tags.contains("epochal.identity") ? usual : "";
}

/// Removes a metric that our export made from a field of the epoch, and returns its value.
std::optional<double> taken_out(Metrics& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  if (found == metrics.end() || !std::isfinite(found->second) || found->second < 0) {
    return std::nullopt;
  }
  const double value = found->second;
  metrics.erase(found);
  return value;
}

void restore_epoch_fields(const Texts& tags, WholeRun& whole) {
  const std::string seconds = noted_name(tags, mlflow_tag::kSeconds, "epoch_seconds");
  const std::string learning_rate = noted_name(tags, mlflow_tag::kLearningRate, "learning_rate");
  for (EpochRecord& epoch : whole.epochs) {
    if (const auto kept = taken_out(epoch.metrics, seconds)) {
      epoch.started_at += epoch.seconds.count() - *kept;
      epoch.seconds = epoch.train_seconds = Seconds(*kept);
    }
    epoch.learning_rate = taken_out(epoch.metrics, learning_rate);
  }
}

void add_labels_of_mlflow(const MlflowRun& run, const std::string& where, WholeRun& whole) {
  const bool is_ours = run.tags.contains("epochal.identity");
  for (const auto& [name, text] : run.tags) {
    if (name == "mlflow.note.content" && !text.empty()) {
      const Timestamp at = run.ended_at.value_or(run.started_at.value_or(0));
      whole.notes.push_back({at, imported_text(text)});
    }
    if (name == "mlflow.runName" && !is_ours) whole.tags["run_name"] = imported_text(text);
    if (name.starts_with("mlflow.") || mlflow_tag::is_note(name)) continue;
    whole.tags[own_name(name, mlflow_tag::kTag, run.tags, where)] = imported_text(text);
  }
}

}  // namespace

void MlflowRun::add(const std::string& metric, std::int64_t step, double value, Timestamp at) {
  const auto by_step = tags.find(std::string(mlflow_tag::kSteps));
  if (by_step != tags.end() && metric.starts_with(by_step->second + "/")) return;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (std::abs(value) >= std::numeric_limits<double>::max())
    value = std::copysign(kInfinity, value);
  values.add(own_name(metric, mlflow_tag::kMetric, tags, {}), step, value, at);
}

ImportedRun run_of_mlflow(const MlflowRun& run, const std::string& where) {
  ImportedRun imported;
  WholeRun& whole = imported.whole;
  whole.run.experiment = imported_text(run.experiment, 200);
  whole.run.status = status_of_mlflow(run, where);
  whole.run.started_at = run.started_at;
  whole.run.ended_at = run.ended_at;
  for (const auto& [name, text] : run.parameters) {
    const std::string own = own_name(name, mlflow_tag::kParameter, run.tags, where);
    const ParameterValue value = guessed_parameter(imported_text(text));
    const auto* number = std::get_if<std::int64_t>(&value);
    if (own == "seed" && number != nullptr && *number >= 0) {
      whole.run.seed = static_cast<std::uint64_t>(*number);
    } else {
      whole.run.parameters.set(own, value);
    }
  }
  add_labels_of_mlflow(run, where, whole);
  run.values.give_to(imported);
  restore_epoch_fields(run.tags, whole);
  imported.whole = finished_import(std::move(imported.whole), {"mlflow", run.id, {}});
  return imported;
}

std::optional<Timestamp> time_of_mlflow(double milliseconds) {
  return milliseconds > 0 ? std::optional(milliseconds / 1000) : std::nullopt;
}

}  // namespace epochal::store

#pragma once

#include <map>
#include <optional>
#include <string>

#include "db/exchange/imported_runs.h"
#include "db/exchange/step_values.h"

namespace epochal::store {

/// A run as MLflow has it, in a file store or a database.
struct MlflowRun {
  using Texts = std::map<std::string, std::string>;

  std::string id;
  std::string experiment;
  std::string status;  ///< "FINISHED", or MLflow's number for it
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> ended_at;
  Texts parameters;
  Texts tags;
  StepValues values;  ///< filled with add()

  /// Adds a value under the name that the metric had before our export mapped it, unless it is one
  /// that our export added for a value by step. MLflow has the largest numbers for infinities.
  void add(const std::string& metric, std::int64_t step, double value, Timestamp at);
};

/// The run for a store. `where` is for messages. Throws Error.
ImportedRun run_of_mlflow(const MlflowRun& run, const std::string& where);

/// Milliseconds as MLflow has them; none for 0 or less.
std::optional<Timestamp> time_of_mlflow(double milliseconds);

}  // namespace epochal::store

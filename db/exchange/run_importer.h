#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "db/records.h"

namespace epochal {

/// Runs from tables of comma-separated values: a file, or a folder with runs.csv and epochs.csv. A
/// row is about the run in its column `run`, and about one epoch if it has a value in `epoch`.
/// Columns are params.NAME, metrics.NAME, tags.NAME, and experiment, seed, status, created,
/// started, ended, seconds, samples, learning_rate. Throws Error that names file and line.
std::vector<WholeRun> runs_from_csv(const std::filesystem::path& path);

/// Runs from MLflow's file store: the folder of the store, of an experiment or of a run. Steps
/// become epochs; the first step may be 0. Of several values of a step the last counts. Artifacts
/// stay where they are. Throws Error.
std::vector<WholeRun> runs_from_mlflow(const std::filesystem::path& folder);

/// What both have to do once all values of a run are there: identity, state, an attempt that its
/// epochs belong to. `origin` and `name` tell it from runs of other origins; epochs are in order.
WholeRun finished_import(WholeRun run, const std::string& origin, const std::string& name);

/// Throws Error for a name of a metric, parameter or tag that is longer than MLflow's, which are
/// the longest that tools write: each epoch keeps the names of its metrics, and a table could
/// take a thousand times its size.
void check_name(const std::string& name, const std::string& where);

/// The state of an imported run, which neither waits nor runs: what was not over is interrupted.
/// None for a text that names no state.
std::optional<RunStatus> imported_status(const std::string& text);

/// A text as the parameter that it most likely was: 3, 0.5, true, or a text.
ParameterValue guessed_parameter(const std::string& text);

}  // namespace epochal

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/records.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/expansion.h"
#include "framework/sweep/sweep.h"

namespace epochal::app {

/// `SWEEP.toml [KEY=VALUE…]` as the commands take it.
struct SweepArguments {
  std::filesystem::path file;
  Sweep sweep;  ///< with the overrides applied
};

/// Throws Error if the file is missing or wrong. `usage` is shown when it was not named.
SweepArguments read_sweep_arguments(const std::vector<std::string>& positional,
                                    const std::string& usage);

/// The experiments that a sweep names; the program of its [command] is registered. Throws Error
/// where there is no such experiment.
SweepExperiments experiments_of(const Sweep& sweep, PluginRegistry& registry);

/// The runs that a sweep asks for, identified. Throws Error (see expand and identify).
std::vector<RunSpec> runs_of(const Sweep& sweep, const SweepExperiments& experiments);

/// The rows that record runs which this program asks for; `command` is the text of the program that
/// makes those of a command.
std::vector<store::RunRecord> records_of(const std::vector<RunSpec>& specs,
                                         const std::string& command);

/// The sweep as the store has it. Where its file, without overrides, has changed since it ran, the
/// latest run of that name, which is said. Throws Error where there is none.
store::SweepRecord find_sweep(const store::Query& query, const SweepArguments& arguments);

/// The recorded sweep that a command's only word names, "NAME" or "NAME@HASH"; none where the words
/// are those of a sweep file. Throws Error, with the nearest name, if the store has none.
std::optional<store::SweepRecord> named_sweep(const store::Query& query,
                                              const std::vector<std::string>& positional);

/// A recorded sweep as its file declares it, or, where the file has gone or asks for other runs by
/// now, as it was recorded. Throws Error if neither can be read.
SweepArguments arguments_of(const store::SweepRecord& record);

/// The row that records a sweep.
store::SweepRecord record_of(const SweepArguments& arguments);

}  // namespace epochal::app

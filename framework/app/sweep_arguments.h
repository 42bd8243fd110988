#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/records.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/sweep/expansion.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// `SWEEP.toml [KEY=VALUE…]` as the commands take it.
struct SweepArguments {
  std::filesystem::path file;
  Sweep sweep;  ///< with the overrides applied
};

/// Throws Error if the file is missing or wrong. `usage` is shown when it was not named.
SweepArguments read_sweep_arguments(const std::vector<std::string>& positional,
                                    const std::string& usage);

/// The runs that a sweep asks for, identified. Throws Error (see expand and identify).
std::vector<RunSpec> runs_of(const SweepArguments& arguments, PluginRegistry& registry);

/// The rows that record runs which this program asks for.
std::vector<RunRecord> records_of(const std::vector<RunSpec>& specs);

/// The sweep as the store has it. Where its file, without overrides, has changed since it ran, the
/// latest run of that name, which is said. Throws Error where there is none.
SweepRecord find_sweep(const Query& query, const SweepArguments& arguments);

/// The row that records a sweep.
SweepRecord record_of(const SweepArguments& arguments);

}  // namespace epochal

#pragma once

#include "db/query.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal {

/// The experiment of a recorded run: a plugin, or the program that was recorded with the run.
/// Throws Error if there is neither.
const ExperimentInfo& experiment_of(const Query& query, const RunRecord& run,
                                    PluginRegistry& registry);

}  // namespace epochal

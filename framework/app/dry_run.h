#pragma once

#include <filesystem>
#include <vector>

#include "framework/app/sweep_arguments.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal::app {

/// Prints the runs of a sweep, what varies between them, and what the store has of each; of a
/// search, what it chooses from and the points that it has asked for so far.
void print_dry_run(const SweepArguments& sweep, const SweepExperiments& experiments,
                   const std::vector<RunSpec>& runs, PluginRegistry& registry,
                   const std::filesystem::path& store);

}  // namespace epochal::app

#pragma once

#include <filesystem>
#include <string>

#include "db/query.h"
#include "framework/command/declaration.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal {

/// What is known of a recorded run's experiment: by its plugin, or by what was recorded of its
/// program. For looking at runs: a program that only a record names is not to be started, since the
/// record may be a stranger's. Throws Error if there is neither.
const ExperimentInfo& experiment_of(const Query& query, const RunRecord& run,
                                    PluginRegistry& registry);

/// The experiment with which a run is to be done: a plugin, or a program that the registry has been
/// given; whatever the record says of it. Throws Error for a program that it has not been given,
/// and for a record that was tampered with: its parameters are those of another run.
const ExperimentInfo& experiment_to_run(const RunRecord& run, PluginRegistry& registry);

/// What was recorded of a run's program. Throws Error if nothing was.
CommandDeclaration recorded_command(const RunRecord& run, const std::string& declaration);

/// Writes what is declared of a program into a file of the folder, for the processes that do its
/// runs; returns the file. Throws Error.
std::filesystem::path write_command(const std::filesystem::path& folder,
                                    const std::string& declaration);

/// Gives the registry a program by what is declared of it. Throws Error.
const ExperimentInfo& add_command(PluginRegistry& registry, const std::string& declaration);

/// Gives the registry the program of such a file; does nothing if the name is empty. Throws Error.
void add_command_of(PluginRegistry& registry, const std::filesystem::path& file);

}  // namespace epochal

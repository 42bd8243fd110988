#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "db/declarations.h"
#include "db/query.h"
#include "framework/command/declaration.h"
#include "framework/plugin/plugin_registry.h"

namespace epochal {

/// What is known about a recorded run's experiment, from its plugin or from the record of its
/// program. Use it only to look at runs: a program that only a record names must not be started,
/// since the record may come from a stranger. Throws Error if there is neither.
const ExperimentInfo& experiment_of(const store::Query& query, const store::RunRecord& run,
                                    PluginRegistry& registry);

/// The experiment for doing a run: a plugin, or a program that was given to the registry. The
/// record does not matter. Throws Error for a program that was not given, and for a record whose
/// parameters were changed to those of another run.
const ExperimentInfo& experiment_to_run(const store::RunRecord& run, PluginRegistry& registry);

/// The recorded declaration of a run's program. Throws Error if there is none.
CommandDeclaration recorded_command(const store::RunRecord& run, const std::string& declaration);

/// A stored run's parameters by the plugin's current declaration. Checks the values again, since
/// the store may come from a stranger; newer parameters have their defaults. A length that is
/// recorded among them is left out (see recorded_length). Throws Error.
Parameters checked_parameters(const Schema& schema, const store::RunRecord& run);

/// A run with its newest intact checkpoint; none if it has no intact one. Throws Error if its
/// recorded parameters do not fit the experiment.
std::optional<TrainedRun> trained_run(const store::Query& query, const ExperimentInfo& info,
                                      const store::RunRecord& run);

/// Whether the run's program starts from the first epoch whenever it is started.
bool keeps_no_state(const store::Query& query, store::RunId run);

/// The metrics and parameters that an experiment declares, as the store keeps them.
store::Declaration declaration_of(const ExperimentInfo& info);

/// Writes a program's declaration into a file in the folder, for the processes that do its runs.
/// Returns the file. Throws Error.
std::filesystem::path write_command(const std::filesystem::path& folder,
                                    const std::string& declaration);

/// Adds a program to the registry by its declaration. Throws Error.
const ExperimentInfo& add_command(PluginRegistry& registry, const std::string& declaration);

/// Adds the program of such a file to the registry; does nothing if the name is empty. Throws
/// Error.
void add_command_of(PluginRegistry& registry, const std::filesystem::path& file);

}  // namespace epochal

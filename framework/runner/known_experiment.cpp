// From a record to the code that makes such runs.

#include "framework/runner/known_experiment.h"

#include "framework/command/command_experiment.h"

namespace epochal {

const ExperimentInfo& experiment_of(const Query& query, const RunRecord& run,
                                    PluginRegistry& registry) {
  if (!is_command(run.experiment)) return registry.experiment(run.experiment);
  const std::string declaration = query.command(run.id);
  if (declaration.empty()) {
    throw Error("the record does not say which program made the run", "run " + run.short_identity(),
                "run its sweep again");
  }
  const CommandDeclaration command = command_from_json(declaration);
  if (experiment_name(command) != run.experiment) {
    throw Error("the record names another program than its run", "run " + run.short_identity(),
                "run its sweep again");
  }
  return registry.add(command_experiment(command), build_of(command));
}

}  // namespace epochal

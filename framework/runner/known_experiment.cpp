// Between the records of runs and the experiments that do them.

#include "framework/runner/known_experiment.h"

#include <fmt/format.h>

#include <span>

#include "db/run_folder.h"
#include "framework/base/printable.h"
#include "framework/command/command_experiment.h"
#include "framework/sweep/expansion.h"
#include "framework/sweep/run_length.h"
#include "framework/system/durable_file.h"
#include "framework/system/whole_file.h"

namespace epochal {

const ExperimentInfo& experiment_of(const store::Query& query, const store::RunRecord& run,
                                    PluginRegistry& registry) {
  if (!is_command(run.experiment)) return registry.experiment(run.experiment);
  const CommandDeclaration command = recorded_command(run, query.command(run.id));
  if (experiment_name(command) != run.experiment) {
    throw Error("the record of the program does not belong to this run",
                "run " + run.short_identity(), "run its sweep again");
  }
  return registry.add(command_experiment(command), build_of(command));
}

CommandDeclaration recorded_command(const store::RunRecord& run, const std::string& declaration) {
  if (!declaration.empty()) return command_from_json(declaration);
  throw Error("the record does not say which program made the run", "run " + run.short_identity(),
              "run its sweep again");
}

namespace {

/// A run is found by its identity, so its recorded parameters must give this identity.
void refuse_other_parameters(const store::RunRecord& run, const ExperimentInfo& info) {
  RunSpec spec;
  spec.experiment = run.experiment;
  spec.experiment_version = run.experiment_version;
  spec.parameters = checked_parameters(info.schema, run);
  spec.seed = run.seed;
  spec.epochs = run.epochs;
  spec.length = recorded_length(info.schema, run.parameters);
  spec.inputs = run.inputs;
  if (run_identity(spec, info) == run.identity) return;
  throw Error("the run's recorded parameters do not match its identity",
              "run " + run.short_identity(),
              "remove it with `epochal rm`, and run its sweep again");
}

}  // namespace

const ExperimentInfo& experiment_to_run(const store::RunRecord& run, PluginRegistry& registry) {
  if (!is_command(run.experiment)) return registry.experiment(run.experiment);
  if (!registry.contains(run.experiment)) {
    throw Error("only the store names the program of this run, so epochal does not start it",
                "run " + run.short_identity(), "run its sweep file");
  }
  const ExperimentInfo& info = registry.experiment(run.experiment);
  refuse_other_parameters(run, info);
  return info;
}

Parameters checked_parameters(const Schema& schema, const store::RunRecord& run) {
  Parameters parameters = schema.defaults();
  for (const auto& [name, value] : run.parameters.all()) {
    if (is_length_key(name) && schema.find(name) == nullptr) continue;
    parameters.set(name, schema.checked(name, value, "run " + run.short_identity()));
  }
  return parameters;
}

std::optional<TrainedRun> trained_run(const store::Query& query, const ExperimentInfo& info,
                                      const store::RunRecord& run) {
  const auto checkpoint = store::newest_sound_checkpoint(query.folder(), query.artifacts(run.id));
  if (!checkpoint) return std::nullopt;
  TrainedRun trained;
  trained.identity = run.identity;
  trained.epoch = checkpoint->epoch;
  trained.seed = run.seed;
  trained.parameters = checked_parameters(info.schema, run);
  trained.inputs = run.inputs;
  trained.checkpoint = checkpoint->folder;
  return trained;
}

bool keeps_no_state(const store::Query& query, store::RunId run) {
  return query.choices(run)[kResumeKind] == kRestarted;
}

store::Declaration declaration_of(const ExperimentInfo& info) {
  store::Declaration declaration{info.name, info.version, info.metrics, info.objective, {}};
  for (const ParameterSpec& spec : info.schema.specs()) {
    if (spec.is_part_of_objective) declaration.objective_parameters.insert(spec.name);
  }
  return declaration;
}

std::filesystem::path write_command(const std::filesystem::path& folder,
                                    const std::string& declaration) {
  std::filesystem::path file = folder / "command.json";
  write_durably(file, std::as_bytes(std::span(declaration)));
  return file;
}

const ExperimentInfo& add_command(PluginRegistry& registry, const std::string& declaration) {
  const CommandDeclaration command = command_from_json(declaration);
  if (command.run.empty()) {
    throw Error(fmt::format("'{}' asks for its points itself, so epochal cannot start it",
                            printable(command.name, 80)),
                {}, "start it as for its other runs");
  }
  return registry.add(command_experiment(command), build_of(command));
}

void add_command_of(PluginRegistry& registry, const std::filesystem::path& file) {
  if (!file.empty()) add_command(registry, whole_file(file));
}

}  // namespace epochal

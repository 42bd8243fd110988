// Converts a plugin's declaration for the store.

#include "framework/runner/experiment_declaration.h"

namespace epochal {

store::Declaration declaration_of(const ExperimentInfo& info) {
  store::Declaration declaration{info.name, info.version, info.metrics, info.objective, {}};
  for (const ParameterSpec& spec : info.schema.specs()) {
    if (spec.is_part_of_objective) declaration.objective_parameters.insert(spec.name);
  }
  return declaration;
}

}  // namespace epochal

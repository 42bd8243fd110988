// Stored parameters, checked against the schema.

#include "framework/runner/run_parameters.h"

#include "framework/sweep/run_length.h"

namespace epochal {

Parameters checked_parameters(const Schema& schema, const store::RunRecord& run) {
  Parameters parameters = schema.defaults();
  for (const auto& [name, value] : run.parameters.all()) {
    if (is_length_key(name) && schema.find(name) == nullptr) continue;
    parameters.set(name, schema.checked(name, value, "run " + run.short_identity()));
  }
  return parameters;
}

}  // namespace epochal

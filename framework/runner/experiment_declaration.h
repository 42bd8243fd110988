#pragma once

#include "db/declarations.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// What the store keeps of an experiment's declared metrics and parameters.
Declaration declaration_of(const ExperimentInfo& info);

}  // namespace epochal

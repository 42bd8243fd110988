#pragma once

#include "db/declarations.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The metrics and parameters that an experiment declares, as the store keeps them.
store::Declaration declaration_of(const ExperimentInfo& info);

}  // namespace epochal

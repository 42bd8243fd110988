#pragma once

#include "framework/plugin/experiment.h"

namespace epochal {

/// Sets the functions of a run's context that measure memory of the host and the GPU.
void add_memory_measures(RunContext& context);

}  // namespace epochal

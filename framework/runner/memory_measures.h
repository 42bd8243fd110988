#pragma once

#include "framework/plugin/experiment.h"

namespace epochal {

/// Gives a run's context the means to measure memory, of the host and of the GPU.
void add_memory_measures(RunContext& context);

}  // namespace epochal

#pragma once

#include <optional>

#include "db/query.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// A run with its newest sound checkpoint; none if it has no sound one. Throws Error if its
/// recorded parameters are none of the experiment's.
std::optional<TrainedRun> trained_run(const Query& query, const ExperimentInfo& info,
                                      const RunRecord& run);

}  // namespace epochal

#pragma once

#include <optional>

#include "db/query.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// A run with its newest intact checkpoint; none if it has no intact one. Throws Error if its
/// recorded parameters do not fit the experiment.
std::optional<TrainedRun> trained_run(const store::Query& query, const ExperimentInfo& info,
                                      const store::RunRecord& run);

}  // namespace epochal

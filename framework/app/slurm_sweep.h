#pragma once

#include <vector>

#include "db/store.h"
#include "framework/runner/worker.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// Has the runs done by Slurm: submits those that no open job has, then merges shards as they move
/// on until all jobs are through. Stopping it (`stops`) cancels the jobs; `detach` returns at once.
void run_on_slurm(Store& store, const Sweep& sweep, std::int64_t sweep_id,
                  const std::vector<RunId>& runs, const WorkOptions& work, bool detach);

/// Merges the shards of all open jobs; those that Slurm has done with are closed. Returns how many
/// jobs are still open.
std::size_t collect_from_slurm(Store& store);

}  // namespace epochal

#pragma once

#include <vector>

#include "db/store.h"
#include "framework/runner/worker.h"
#include "framework/sweep/sweep.h"

namespace epochal::app {

/// Does the runs with Slurm: submits the runs that no open job has, then merges shards as they
/// progress until all jobs have ended. Ctrl-C cancels the jobs; `detach` returns after submitting.
void run_on_slurm(store::Store& store, const Sweep& sweep, std::int64_t sweep_id,
                  const std::vector<store::RunId>& runs, const WorkOptions& work, bool detach);

/// Merges the shards of all open jobs and closes the jobs that Slurm has finished. Returns the
/// number of jobs that are still open.
std::size_t collect_from_slurm(store::Store& store);

}  // namespace epochal::app

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"
#include "framework/executor/local_executor.h"
#include "framework/sweep/slurm_request.h"

namespace epochal {

/// Submits the runs as one job array and records it. Each task has its share of the runs in its own
/// store, the shard, below STORE/slurm, since on a cluster's file system one SQLite file cannot
/// have many writers. Throws Error with sbatch's message if it fails.
store::ClusterJob submit_to_slurm(store::Store& store, std::int64_t sweep,
                                  const std::vector<store::RunId>& runs,
                                  const SlurmRequest& request, const WorkOptions& work);

/// The tasks of these jobs that Slurm still has, as "JOB_TASK", with their state in lower case:
/// "pending", "running". Throws Error if squeue fails.
std::map<std::string, std::string> slurm_tasks(const std::vector<store::ClusterJob>& jobs);

/// Asks Slurm to cancel a job: its tasks stop as on SIGTERM.
void cancel_on_slurm(const store::ClusterJob& job);

/// Requeues this process's array task.
void requeue_this_task();

/// The number of times that this array task was requeued.
int times_requeued();

/// The store of one task's share.
std::filesystem::path shard_folder(const store::ClusterJob& job, int task);

/// Records in a shard whose task is gone that its worker is gone too.
void release_shard(const std::filesystem::path& shard);

}  // namespace epochal

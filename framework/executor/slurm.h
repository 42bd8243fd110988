#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/query.h"
#include "db/store.h"
#include "framework/executor/local_executor.h"
#include "framework/sweep/slurm_request.h"

namespace epochal {

/// Submits the runs as one job array and records it. Each task has a share of the runs in a store
/// of its own, the shard, below STORE/slurm, since a cluster's file system does not bear many
/// writers of one SQLite file. Throws Error with what sbatch said if it refuses.
ClusterJob submit_to_slurm(Store& store, std::int64_t sweep, const std::vector<RunId>& runs,
                           const SlurmRequest& request, const WorkOptions& work);

/// The tasks of these jobs that Slurm still has, as "JOB_TASK", with their state in small letters:
/// "pending", "running". Throws Error if squeue cannot be asked.
std::map<std::string, std::string> slurm_tasks(const std::vector<ClusterJob>& jobs);

/// Asks Slurm to cancel a job: its tasks stop politely.
void cancel_on_slurm(const ClusterJob& job);

/// Puts the array task that this process is back into Slurm's queue.
void requeue_this_task();

/// How often this array task has been requeued.
int times_requeued();

/// The store of one task's share.
std::filesystem::path shard_folder(const ClusterJob& job, int task);

/// Says in a shard whose task is gone that its worker is gone too.
void release_shard(const std::filesystem::path& shard);

}  // namespace epochal

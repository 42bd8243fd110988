// Uses Slurm through its commands. Slurm queues, places and requeues the tasks.

#include "framework/executor/slurm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "db/maintenance/lost_runs.h"
#include "db/maintenance/merge.h"
#include "framework/base/disk_full.h"
#include "framework/base/shell_words.h"
#include "framework/executor/slurm_answers.h"
#include "framework/runner/provenance.h"
#include "framework/system/durable_file.h"
#include "framework/system/file_system.h"
#include "framework/system/installed_program.h"
#include "framework/system/program_output.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostTasks = 1000;  // Slurm's default limit for an array

fs::path new_job_folder(const fs::path& store) {
  const fs::path all = fs::absolute(store) / "slurm";
  std::error_code error;
  make_folders_durably(all, error);
  if (error) throw_write_error(error, all, "check the store's disk");
  for (int number = 1;; ++number) {
    fs::path folder = all / fmt::format("job-{:04}", number);
    if (!fs::create_directory(folder)) continue;
    sync_folder_name(folder);
    return folder;
  }
}

void write_script(const fs::path& file, const store::ClusterJob& job, const SlurmRequest& request,
                  WorkOptions work) {
  const fs::path folder = job.folder;
  work.threads = request.cpus;
  if (!work.provenance.empty()) {
    work.provenance = ProvenanceFile::copy(work.provenance, folder);
  }
  if (!work.command.empty()) {
    const fs::path copy = folder / work.command.filename();
    copy_durably(work.command, copy);
    work.command = copy;
  }
  const std::string script = fmt::format(
      "#!/bin/sh\nexec {} slurm-task --store {}\"$SLURM_ARRAY_TASK_ID\" --requeues {} --work {}\n",
      shell_quoted(this_program().string()), shell_quoted((folder / "shard-").string()),
      request.requeues, shell_quoted(to_text(work)));
  write_durably(file, std::as_bytes(std::span(script)));
}

std::vector<std::string> sbatch_command(const store::ClusterJob& job, std::size_t tasks,
                                        const SlurmRequest& request, const fs::path& script) {
  std::string array = fmt::format("--array=0-{}", tasks - 1);
  if (request.array_limit > 0) array += fmt::format("%{}", request.array_limit);
  std::vector<std::string> command{
      "sbatch",
      "--parsable",
      array,
      "--job-name=epochal",
      "--nodes=1",
      "--ntasks=1",
      "--requeue",
      "--open-mode=append",
      fmt::format("--output={}/task-%a.log", job.folder),
      fmt::format("--cpus-per-task={}", request.cpus),
      fmt::format("--signal=B:USR1@{}", request.signal),
  };
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command.push_back(fmt::format("--{}={}", option, value));
  };
  add("partition", request.partition);
  add("time", request.time);
  add("mem", request.mem);
  add("gres", request.gres);
  add("account", request.account);
  add("qos", request.qos);
  add("constraint", request.constraint);
  command.push_back(script.string());
  return command;
}

/// A store with this share of the runs and everything that the main store has about them.
void make_shard(const fs::path& folder, const store::Query& from, const store::WholeSweep& sweep,
                const std::vector<store::RunId>& runs) {
  store::Store shard(folder);
  store::merge_runs(shard, from, runs);
  shard.import({}, {sweep}, from.declarations().all());
  // The write-ahead log needs shared memory, which two machines do not have.
  shard.connection().database().exec("pragma journal_mode = delete");
}

}  // namespace

fs::path shard_folder(const store::ClusterJob& job, int task) {
  return fs::path(job.folder) / fmt::format("shard-{}", task);
}

store::ClusterJob submit_to_slurm(store::Store& store, std::int64_t sweep,
                                  const std::vector<store::RunId>& runs,
                                  const SlurmRequest& request, const WorkOptions& work) {
  const std::size_t most = request.tasks > 0 ? static_cast<std::size_t>(request.tasks) : kMostTasks;
  const std::size_t tasks = std::min(runs.size(), most);
  store::ClusterJob job;
  job.folder = new_job_folder(store.folder()).string();

  const store::Query query(store.folder());
  store::WholeSweep whole;
  for (store::WholeSweep& candidate : query.whole_sweeps()) {
    if (candidate.sweep.id == sweep) whole = std::move(candidate);
  }
  std::vector<std::vector<store::RunId>> shares(tasks);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    shares[i % tasks].push_back(runs[i]);
    job.tasks[runs[i]] = static_cast<int>(i % tasks);
  }
  for (std::size_t task = 0; task < tasks; ++task) {
    make_shard(shard_folder(job, static_cast<int>(task)), query, whole, shares[task]);
  }
  const fs::path script = fs::path(job.folder) / "task.sh";
  write_script(script, job, request, work);
  job.job = job_id_in(output_of(sbatch_command(job, tasks, request, script)));
  store.add_cluster_job(job);
  return job;
}

std::map<std::string, std::string> slurm_tasks(const std::vector<store::ClusterJob>& jobs) {
  if (jobs.empty()) return {};
  // `squeue --jobs` fails for a job that Slurm has forgotten, so this lists all jobs of the user.
  return task_states_in(output_of({"squeue", "--noheader", "--array", "--me", "--name=epochal",
                                   "--states=all", "--format=%F_%K %T"}));
}

void cancel_on_slurm(const store::ClusterJob& job) {
  output_of({"scancel", job.job});
}

int times_requeued() {
  const char* count = std::getenv("SLURM_RESTART_COUNT");
  return count == nullptr ? 0 : std::atoi(count);
}

void requeue_this_task() {
  const char* job = std::getenv("SLURM_JOB_ID");
  if (job != nullptr) output_of({"scontrol", "requeue", job});
}

void release_shard(const fs::path& folder) {
  store::Store shard(folder);
  store::release_all_runs(shard, "its Slurm task was gone");
}

}  // namespace epochal

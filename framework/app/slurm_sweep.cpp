// The submitting side of a Slurm sweep.

#include "framework/app/slurm_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <thread>

#include "db/maintenance/merge.h"
#include "framework/app/merge_report.h"
#include "framework/base/message.h"
#include "framework/base/printable.h"
#include "framework/executor/slurm.h"
#include "framework/system/child_process.h"
#include "framework/system/stop_signal.h"

namespace epochal::app {
namespace {

using namespace std::chrono_literals;

std::set<int> task_numbers(const store::ClusterJob& job) {
  std::set<int> numbers;
  for (const auto& [run, task] : job.tasks) numbers.insert(task);
  return numbers;
}

/// Merges one task's shard. `is_gone`: Slurm no longer has the task.
void merge_task(store::Store& store, const store::ClusterJob& job, int task, bool is_gone) {
  const std::filesystem::path shard = shard_folder(job, task);
  if (!std::filesystem::exists(shard / "epochal.db")) return;
  if (is_gone) release_shard(shard);
  const store::MergeOutcome outcome = store::merge(store, store::Query(shard));
  if (!outcome.remarks.empty()) print_outcome(outcome, shard);
}

/// Slurm's final states of a task.
bool is_over(const std::string& state) {
  static const std::set<std::string> kOver{"boot_fail", "cancelled",    "completed", "deadline",
                                           "failed",    "node_fail",    "preempted", "revoked",
                                           "timeout",   "out_of_memory"};
  return kOver.contains(state);
}

/// Follows jobs and remembers which of their tasks are merged for good.
class Collection {
 public:
  explicit Collection(store::Store& store) : store_(store) {}

  /// Merges the shards that have changed. Returns the number of open jobs.
  std::size_t collect() {
    const std::vector<store::ClusterJob> jobs = store::Query(store_.folder()).open_cluster_jobs();
    const std::optional<std::map<std::string, std::string>> states = asked_for(jobs);
    is_unsure_ = !states;
    if (!states) return jobs.size();
    std::size_t open = 0;
    for (const store::ClusterJob& job : jobs) {
      bool has_alive = false;
      for (const int task : task_numbers(job)) {
        const std::string name = fmt::format("{}_{}", job.job, task);
        const bool is_gone = looks_gone(name, *states);
        has_alive = has_alive || !is_gone;
        collect_task(job, task, name, is_gone);
      }
      if (has_alive) {
        ++open;
      } else {
        store_.end_cluster_job(job);
      }
    }
    return open;
  }

  /// Whether the next check may find that a task is gone.
  bool is_unsure() const { return is_unsure_; }

  /// The time to wait before the next check: longer if Slurm does not answer.
  std::chrono::seconds patience() const {
    constexpr int kMost = 6;
    return std::min(std::chrono::seconds(60),
                    std::chrono::seconds(1 << std::min(failures_, kMost)));
  }

 private:
  /// Slurm's states of the tasks; none if it does not answer, for example while its controller
  /// restarts: the tasks go on meanwhile. Throws Error if it has not answered for a long time.
  std::optional<std::map<std::string, std::string>> asked_for(
      const std::vector<store::ClusterJob>& jobs) {
    constexpr int kMostFailures = 30;
    try {
      auto states = slurm_tasks(jobs);
      failures_ = 0;
      return states;
    } catch (const CannotStart&) {
      throw;
    } catch (const Error& error) {
      if (++failures_ >= kMostFailures) throw;
      if (failures_ == 1) print_message("{}: trying again\n", printable(error.fault()));
      return std::nullopt;
    }
  }

  /// While Slurm requeues a task, it may show the task as ended or not at all for a few seconds. It
  /// forgets a task that ended long ago.
  bool looks_gone(const std::string& name, const std::map<std::string, std::string>& states) {
    constexpr int kLooksWhenOver = 3;
    constexpr int kLooksWhenMissing = 8;
    const auto state = states.find(name);
    const bool is_missing = state == states.end();
    if (!is_missing && !is_over(state->second)) {
      looks_.erase(name);
      return false;
    }
    const bool is_gone = ++looks_[name] >= (is_missing ? kLooksWhenMissing : kLooksWhenOver);
    is_unsure_ = is_unsure_ || !is_gone;
    return is_gone;
  }

  void collect_task(const store::ClusterJob& job, int task, const std::string& name, bool is_gone) {
    if (done_.contains(name)) return;
    std::error_code missing;
    const auto changed =
        std::filesystem::last_write_time(shard_folder(job, task) / "epochal.db", missing);
    if (!is_gone && (missing || merged_at_[name] == changed)) return;
    merge_task(store_, job, task, is_gone);
    merged_at_[name] = changed;
    if (is_gone) done_.insert(name);
  }

  store::Store& store_;
  std::map<std::string, int> looks_;  ///< checks in a row in which a task was not alive
  std::set<std::string> done_;
  std::map<std::string, std::filesystem::file_time_type> merged_at_;
  bool is_unsure_ = false;
  int failures_ = 0;  ///< of squeue in a row
};

/// Prints a line whenever a run has progressed, and every half minute.
class QueueLog {
 public:
  void print(const std::filesystem::path& store, const std::vector<store::RunId>& runs) {
    std::map<store::RunStatus, int> counts;
    Epoch epochs = 0;
    for (const store::RunRecord& run : store::Query(store).runs_by_id(runs)) {
      ++counts[run.status];
      epochs += run.epochs_done;
    }
    std::string line;
    for (const auto& [status, count] : counts) {
      line += fmt::format("{} {}, ", count, name_of(status));
    }
    const auto at = std::chrono::steady_clock::now();
    if (line == printed_ && at - printed_at_ < 30s) return;
    print_message("{}{} epochs so far\n", line, epochs);
    printed_ = line;
    printed_at_ = at;
  }

 private:
  std::string printed_;
  std::chrono::steady_clock::time_point printed_at_;
};

}  // namespace

std::size_t collect_from_slurm(store::Store& store) {
  Collection collection(store);
  std::size_t open = collection.collect();
  while (collection.is_unsure()) {
    std::this_thread::sleep_for(collection.patience());
    open = collection.collect();
  }
  return open;
}

void run_on_slurm(store::Store& store, const Sweep& sweep, std::int64_t sweep_id,
                  const std::vector<store::RunId>& runs, const WorkOptions& work, bool detach) {
  collect_from_slurm(store);  // jobs of earlier commands
  Collection collection(store);
  const std::vector<store::ClusterJob> open = store::Query(store.folder()).open_cluster_jobs();
  std::vector<store::RunId> submitted;
  for (const store::RunRecord& run : store::Query(store.folder()).runs_by_id(runs)) {
    const bool has_job = std::any_of(open.begin(), open.end(), [&](const store::ClusterJob& job) {
      return job.tasks.contains(run.id);
    });
    const bool is_to_do = store::may_become(run.status, store::RunStatus::running);
    if (is_to_do && !has_job) submitted.push_back(run.id);
  }
  if (!submitted.empty()) {
    const store::ClusterJob job = submit_to_slurm(store, sweep_id, submitted, sweep.slurm, work);
    print_message("submitted {} runs as Slurm job {}\n", submitted.size(), job.job);
  }
  if (detach) return;

  QueueLog log;
  bool is_cancelled = false;
  while (collection.collect() > 0) {
    log.print(store.folder(), runs);
    if (stop_signal::count() >= 2) return;  // the next command collects the rest
    if (stop_signal::count() == 1 && !is_cancelled) {
      print_message("cancelling; press Ctrl-C again to leave at once\n");
      for (const store::ClusterJob& job : store::Query(store.folder()).open_cluster_jobs())
        cancel_on_slurm(job);
      is_cancelled = true;
    }
    // Sleeps are short so that Ctrl-C takes effect soon.
    const auto next = std::chrono::steady_clock::now() + collection.patience();
    const int asked = stop_signal::count();
    while (std::chrono::steady_clock::now() < next && stop_signal::count() == asked) {
      std::this_thread::sleep_for(200ms);
    }
  }
  log.print(store.folder(), runs);
}

}  // namespace epochal::app

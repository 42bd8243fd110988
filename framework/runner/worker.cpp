// One run, from claim to end: the epoch loop, in the order in which things happen.

#include "framework/runner/worker.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "db/query.h"
#include "framework/hardware/host.h"
#include "framework/hardware/process.h"
#include "framework/runner/run_folder.h"
#include "framework/runner/run_parameters.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;

// The one before the last stays until the next epoch is safe, should the last one be torn.
constexpr Epoch kKeptCheckpoints = 2;

void log_line(std::string_view text) {
  fmt::print(stderr, "{:%Y-%m-%d %H:%M:%S} {}\n", fmt::gmtime(std::time(nullptr)), text);
}

HostRecord host_record() {
  const Host host = probe_host();
  HostRecord record;
  record.name = host.name;
  record.cpu = host.cpu;
  record.cores = host.cores;
  record.memory_bytes = host.memory_bytes;
  record.os = host.os;
  if (host.gpu) {
    record.gpu = host.gpu->name;
    record.gpu_memory_bytes = host.gpu->memory_bytes;
    record.gpu_driver = host.gpu->driver;
  }
  return record;
}

AttemptStart attempt_start(const ExperimentInfo& experiment, int threads) {
  AttemptStart start;
  start.host = host_record();
  start.pid = getpid();
  start.pid_start = process_start_ticks(getpid()).value_or(0);
  start.threads = threads;
  start.libraries = experiment.libraries;
  return start;
}

/// Passes progress on to the store, at most twice a second, and stops the run when asked to.
class StoredProgress : public Progress {
 public:
  StoredProgress(Store& store, AttemptId attempt, Epoch epoch,
                 const std::function<bool()>& stop_requested)
      : store_(store), attempt_(attempt), epoch_(epoch), stop_requested_(stop_requested) {}

  void advance(std::int64_t done, std::int64_t total) override {
    if (stop_requested_()) throw StopRequested{};
    const Clock::time_point at = Clock::now();
    if (at - reported_ < std::chrono::milliseconds(500)) return;
    store_.report_progress(attempt_, {epoch_, done, total});
    reported_ = at;
  }

 private:
  Store& store_;
  AttemptId attempt_;
  Epoch epoch_;
  const std::function<bool()>& stop_requested_;
  Clock::time_point reported_ = Clock::now();
};

class Attempt {
 public:
  Attempt(Store& store, const ExperimentInfo& info, RunRecord run, AttemptId attempt,
          const WorkOptions& options)
      : store_(store),
        info_(info),
        run_(std::move(run)),
        attempt_(attempt),
        options_(options),
        folder_(store.folder(), run_.identity) {}

  void go() {
    experiment_ = info_.create();
    experiment_->prepare(context());
    store_.record_device(attempt_, experiment_->device());
    for (Epoch epoch = restore() + 1; epoch <= run_.epochs; ++epoch) {
      if (options_.stop_requested()) throw StopRequested{};
      do_epoch(epoch);
    }
  }

 private:
  RunContext context() const {
    RunContext context;
    context.parameters = checked_parameters(info_.schema, run_);
    context.seed = run_.seed;
    context.epochs = run_.epochs;
    context.threads = options_.threads;
    context.log = log_line;
    context.event = [this](std::string_view kind, std::string_view text) {
      store_.add_event(run_.id, std::string(kind), std::string(text));
    };
    return context;
  }

  /// Takes up the newest sound checkpoint; returns its epoch, 0 when it starts from the beginning.
  Epoch restore() {
    const Epoch recorded = run_.epochs_done;
    if (recorded == 0) return 0;
    const Query query(store_.folder());
    const Epoch sound =
        newest_sound_checkpoint(store_.folder(), query.artifacts(run_.id)).value_or(0);
    if (sound < recorded) {
      store_.add_event(
          run_.id, "rollback",
          fmt::format("no sound checkpoint of epoch {}: going on from epoch {}", recorded, sound));
      store_.drop_epochs_after(run_.id, sound);
    }
    if (sound > 0) experiment_->restore(folder_.checkpoint(sound));
    log_line(fmt::format("going on after epoch {}", sound));
    return sound;
  }

  void do_epoch(Epoch epoch) {
    reset_peak_memory();
    const Clock::time_point start = Clock::now();
    EpochRecord record;
    record.number = epoch;
    record.started_at = now();

    StoredProgress progress(store_, attempt_, epoch, options_.stop_requested);
    TrainingPass pass = experiment_->train(epoch, progress);
    record.train_seconds = Clock::now() - start;
    record.metrics = std::move(pass.metrics);
    record.metrics.merge(experiment_->validate(epoch));
    std::vector<ArtifactRecord> artifacts = folder_.save_checkpoint(*experiment_, epoch);
    for (const Sample& sample : experiment_->samples(epoch)) {
      artifacts.push_back(folder_.save_sample(sample, epoch));
    }

    record.seconds = Clock::now() - start;
    record.data_wait_seconds = pass.waiting_for_data;
    record.samples = pass.samples;
    record.learning_rate = pass.learning_rate;
    record.peak_host_memory = peak_memory();
    record.peak_device_memory = pass.peak_device_memory;

    std::vector<Epoch> dropped;
    if (epoch > kKeptCheckpoints) dropped.push_back(epoch - kKeptCheckpoints);
    store_.commit_epoch(run_.id, attempt_, record, artifacts, dropped);
    for (const Epoch old : dropped) folder_.remove_checkpoint(old);
    log_line(
        fmt::format("epoch {} of {} done in {:.2f} s", epoch, run_.epochs, record.seconds.count()));
  }

  Store& store_;
  const ExperimentInfo& info_;
  RunRecord run_;
  AttemptId attempt_;
  const WorkOptions& options_;
  RunFolder folder_;
  std::unique_ptr<Experiment> experiment_;
};

}  // namespace

WorkEnd work(Store& store, PluginRegistry& registry, RunId id, const WorkOptions& options) {
  const RunRecord before = Query(store.folder()).run(id);
  const ExperimentInfo& info = registry.experiment(before.experiment);
  const auto attempt = store.claim(id, attempt_start(info, options.threads));
  if (!attempt) return WorkEnd::not_claimed;

  const auto fail = [&](const std::string& error) {
    log_line("failed: " + error);
    store.end_attempt(id, *attempt, RunStatus::failed, "failed", error);
    return WorkEnd::failed;
  };
  try {
    if (info.version != before.experiment_version) {
      throw Error(
          fmt::format("the run was made for version {} of '{}', but the plugin is version {}",
                      before.experiment_version, info.name, info.version),
          {}, "run the sweep again to make runs for the new version");
    }
    // Read again: what was committed between the first look and the claim counts.
    Attempt(store, info, Query(store.folder()).run(id), *attempt, options).go();
  } catch (const StopRequested&) {
    log_line("stopped when asked to");
    store.end_attempt(id, *attempt, RunStatus::interrupted, "interrupted", {});
    return WorkEnd::interrupted;
  } catch (const SQLite::Exception&) {
    throw;  // the store itself fails: there is nowhere to record it
  } catch (const Error& error) {
    return fail(error.what());
  } catch (const std::exception& error) {
    return fail(fmt::format("internal error: {}", error.what()));
  }
  store.end_attempt(id, *attempt, RunStatus::finished, "finished", {});
  return WorkEnd::finished;
}

}  // namespace epochal

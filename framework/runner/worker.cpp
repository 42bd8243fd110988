// One run, from claim to end, with the epoch loop.

#include "framework/runner/worker.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <set>

#include "db/query.h"
#include "db/run_folder.h"
#include "framework/base/disk_full.h"
#include "framework/base/message.h"
#include "framework/command/command_experiment.h"
#include "framework/runner/experiment_declaration.h"
#include "framework/runner/heartbeat.h"
#include "framework/runner/host_record.h"
#include "framework/runner/kept_checkpoints.h"
#include "framework/runner/known_experiment.h"
#include "framework/runner/memory_measures.h"
#include "framework/runner/provenance.h"
#include "framework/runner/run_parameters.h"
#include "framework/runner/step_log.h"
#include "framework/runner/stopping.h"
#include "framework/sweep/run_length.h"
#include "framework/system/descendants.h"
#include "framework/system/disk_room.h"
#include "framework/system/host.h"
#include "framework/system/process.h"
#include "framework/system/utilisation.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;

void log_line(std::string_view text) {
  print_message("{:%Y-%m-%d %H:%M:%S} {}\n", fmt::gmtime(std::time(nullptr)), text);
}

void print_line(std::string_view text) {
  print_message("{}\n", text);
}

/// LibTorch's errors continue with a stack trace, which belongs only into the log.
std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

store::AttemptStart attempt_start(const ExperimentInfo& experiment, const std::string& build,
                                  const WorkOptions& options) {
  store::AttemptStart start;
  start.build = build;
  start.host = host_record();
  start.process = this_process();
  start.threads = options.threads;
  start.libraries = experiment.libraries;
  if (!options.provenance.empty()) start.provenance = ProvenanceFile::read(options.provenance);
  start.provenance.environment = environment_that_matters();
  return start;
}

void put_utilisation(const UtilisationWatch::Measurement& measured, store::EpochRecord& epoch) {
  epoch.cpu_use = measured.mean.cpu;
  epoch.gpu_use = measured.mean.gpu;
  if (!epoch.peak_device_memory) epoch.peak_device_memory = measured.peak_gpu_bytes;
  epoch.utilisation = measured.series;
}

/// The most memory that this process and its child processes held in an epoch.
std::optional<Bytes> most_memory(const UtilisationWatch::Measurement& measured) {
  const std::optional<Bytes> own = peak_memory();
  if (!own) return measured.mean.host_bytes;
  // Only the watch has seen processes that have ended.
  return std::max(*own + use_of_descendants().peak_bytes, measured.mean.host_bytes.value_or(0));
}

/// Thrown when a stop rule ends the run; the event says why.
struct StoppedByRule {};

/// Thrown when the experiment's program has ended the run before all its epochs.
struct EndedByItself {};

/// Stops a validation when asked to. The display keeps the progress of the training.
class StoppingProgress : public Progress {
 public:
  explicit StoppingProgress(std::function<bool()> must_stop) : must_stop_(std::move(must_stop)) {}

  void advance(std::int64_t /*done*/, std::int64_t /*total*/) override {
    if (must_stop_()) throw StopRequested{};
  }

 private:
  std::function<bool()> must_stop_;
};

/// Writes progress into the store, at most twice a second, and stops the run when asked to. Also
/// writes values by step, since an epoch may take hours.
class StoredProgress : public Progress {
 public:
  StoredProgress(store::Store& store, StepLog& steps, store::AttemptId attempt, Epoch epoch,
                 std::function<bool()> must_stop)
      : store_(store),
        steps_(steps),
        attempt_(attempt),
        epoch_(epoch),
        must_stop_(std::move(must_stop)) {}

  void advance(std::int64_t done, std::int64_t total) override {
    if (must_stop_()) throw StopRequested{};
    steps_.flush_if_due();
    const Clock::time_point at = Clock::now();
    if (at - reported_ < std::chrono::milliseconds(500)) return;
    if (!store_.report_progress(attempt_, {epoch_, done, total})) throw store::AttemptOver();
    reported_ = at;
  }

 private:
  store::Store& store_;
  StepLog& steps_;
  store::AttemptId attempt_;
  Epoch epoch_;
  std::function<bool()> must_stop_;
  Clock::time_point reported_ = Clock::now();
};

class Attempt {
 public:
  Attempt(store::Store& store, const store::Query& query, const ExperimentInfo& info,
          store::RunRecord run, store::AttemptId attempt, const WorkOptions& options)
      : store_(store),
        query_(query),
        info_(info),
        run_(std::move(run)),
        attempt_(attempt),
        options_(options),
        folder_(store.folder(), run_.identity),
        heartbeat_(store.folder(), attempt) {}

  void go() {
    try {
      do_epochs();
    } catch (const StopRequested&) {
      end_early(options_.stop_requested() ? "interrupted" : "budget");
      keep_planned_length();
      throw;
    } catch (const StoppedByRule&) {
      end_early("rule");
      throw;
    } catch (const EndedByItself&) {
      throw;
    } catch (const store::AttemptOver&) {
      throw;  // another process has the run: nothing more is written
    } catch (...) {
      keep_steps();
      keep_planned_length();
      throw;
    }
  }

 private:
  void do_epochs() {
    experiment_ = info_.create();
    experiment_->prepare(context());
    record_device();
    keep_diff();
    const Epoch restored = restore();
    const std::vector<store::EpochRecord> epochs = query_.epochs(run_.id);
    const MetricSpec* objective = find_metric(info_, info_.objective);
    kept_.emplace(options_.keep_checkpoints, objective == nullptr ? MetricSpec() : *objective,
                  epochs, query_.artifacts(run_.id));
    if (!epochs.empty()) last_epoch_took_ = epochs.back().seconds;
    for (Epoch epoch = restored + 1; epoch <= run_.epochs; ++epoch) {
      if (options_.stop_requested()) throw StopRequested{};
      stop_if_out_of_time(epoch);
      begin_epoch(epoch);
      do_epoch();
      if (epoch < run_.epochs && experiment_->ends_early()) end_as_it_asks(epoch);
      if (epoch < run_.epochs) stop_if_it_does_not_pay(epoch);
    }
    while (has_more()) {
      store_.lengthen(run_.id, ++run_.epochs);
      do_epoch();
    }
    finish();
    steps_->flush();
  }

  /// Whether there is an epoch beyond the known ones. It is measured from here, while this waits;
  /// if there is none, the measurement is dropped.
  bool has_more() {
    const Epoch next = run_.epochs + 1;
    StoredProgress progress(store_, *steps_, attempt_, next,
                            [this, next] { return must_stop(next); });
    begin_epoch(next);
    if (!experiment_->has_more(progress)) {
      steps_->begin_epoch(run_.epochs);
      return false;
    }
    progress.advance(0, 0);  // does not wait if several epochs were reported at once
    return true;
  }

  /// The experiment ends the run early: its epochs so far are final.
  [[noreturn]] void end_as_it_asks(Epoch epoch) {
    finish();
    steps_->flush();
    store_.record_own_end(run_.id, epoch);
    store_.add_event(
        run_.id, kRuleEvent,
        fmt::format("the program ended by itself after epoch {} of {}", epoch, run_.epochs));
    throw EndedByItself{};
  }

  /// All epochs are recorded, so stopping before the program's end loses none.
  void finish() {
    StoredProgress progress(store_, *steps_, attempt_, run_.epochs,
                            [this] { return must_stop(run_.epochs); });
    try {
      experiment_->finish(progress);
    } catch (const StopRequested&) {
      if (!is_stopping()) throw;  // the program was not ended by this stop
      end_early("interrupted");
    }
  }

  /// The run's result is already recorded and stays, whatever happens here.
  void end_early(std::string_view why) noexcept {
    try {
      if (experiment_) experiment_->stop(why);
    } catch (const std::exception& error) {
      log_line(error.what());
    }
    keep_steps();
  }

  /// Values from before the end of a run are recorded, however it ended.
  void keep_steps() noexcept {
    try {
      if (steps_) steps_->flush();
    } catch (const std::exception& error) {
      log_line(error.what());
    }
  }

  /// A run of unknown length lacks the epochs that its program has planned and not done.
  void keep_planned_length() noexcept {
    try {
      if (planned_epochs_) store_.lengthen(run_.id, *planned_epochs_);
    } catch (const std::exception& error) {
      log_line(error.what());
    }
  }

  /// A program reports its device only when it runs.
  void record_device() {
    const std::string device = device_name(experiment_->device());
    if (device == device_) return;
    store_.record_device(attempt_, device);
    device_ = device;
  }

  RunContext context() {
    RunContext context;
    context.identity = run_.identity;
    context.folder = std::filesystem::absolute(folder_.own_files());
    context.parameters = checked_parameters(info_.schema, run_);
    context.inputs = run_.inputs;
    context.seed = run_.seed;
    context.epochs = run_.epochs;
    context.steps = recorded_steps(info_.schema, run_.parameters);
    context.threads = options_.threads;
    context.memory = options_.memory;
    add_memory_measures(context);
    context.chosen = query_.choices(run_.id);
    context.choose = [this](std::string_view parameter, std::string_view value) {
      if (parameter == kResumeKind) {  // it is known only later whether a program keeps its state
        store_.replace_choice(run_.id, std::string(parameter), std::string(value));
      } else {
        store_.record_choice(run_.id, std::string(parameter), std::string(value));
      }
    };
    context.log_step = [this](std::int64_t step, const Metrics& values) {
      if (!steps_) throw std::logic_error("values by step before the first epoch");
      steps_->add(step, values);
    };
    context.is_stopping = [this] { return is_stopping(); };
    context.describe = [this](const OwnDescription& own) { describe(own); };
    context.log = log_line;
    context.output = options_.output ? options_.output : print_line;
    context.errors = options_.errors ? options_.errors : print_line;
    context.event = [this](std::string_view kind, std::string_view text) {
      store_.add_event(run_.id, std::string(kind), std::string(text));
    };
    return context;
  }

  /// Saves the uncommitted changes of the sources as an artifact of the run.
  void keep_diff() const {
    if (options_.provenance.empty()) return;
    const std::filesystem::path whole = ProvenanceFile::diff_of(options_.provenance);
    const std::filesystem::path cut = ProvenanceFile::cut_diff_of(options_.provenance);
    if (std::filesystem::exists(whole)) {
      store_.add_artifact(run_.id, folder_.keep_diff(whole, store::DiffExtent::whole));
    } else if (std::filesystem::exists(cut)) {
      store_.add_artifact(run_.id, folder_.keep_diff(cut, store::DiffExtent::cut));
    }
  }

  /// Restores the newest intact checkpoint. Returns its epoch, or 0 to start from the beginning.
  Epoch restore() {
    const Epoch recorded = run_.epochs_done;
    std::optional<store::SoundCheckpoint> checkpoint;
    if (recorded > 0) {
      checkpoint = store::newest_sound_checkpoint(store_.folder(), query_.artifacts(run_.id));
    }
    Epoch sound = checkpoint ? checkpoint->epoch : 0;
    // A run without state has nothing left to do after all its epochs are recorded, unless it
    // failed.
    if (recorded >= run_.epochs && keeps_no_state() && !has_failed_before()) sound = recorded;
    if (sound < recorded) {
      store_.add_event(run_.id, "rollback",
                       fmt::format("epoch {} has no intact checkpoint: resuming after epoch {}",
                                   recorded, sound));
    }
    std::vector<store::StepMetric> steps = query_.step_metrics(run_.id);
    // An interrupted epoch has left values by step.
    if (sound < recorded || !steps.empty()) {
      store_.drop_epochs_after(run_.id, attempt_, sound);
      steps = query_.step_metrics(run_.id);
    }
    steps_.emplace(store_, run_.id, attempt_, steps);
    if (recorded == 0) return 0;
    if (checkpoint) experiment_->restore(checkpoint->folder);
    log_line(fmt::format("resuming after epoch {}", sound));
    return sound;
  }

  bool has_failed_before() const {
    const std::vector<store::AttemptRecord> attempts = query_.attempts(run_.id);
    if (attempts.size() < 2) return false;
    const std::string& reason = attempts[attempts.size() - 2].end_reason;  // the last is this one
    return reason == "failed" || reason == "crashed";
  }

  /// What a program says about its own run if no sweep does.
  void describe(const OwnDescription& own) {
    if (!info_.has_open_length) return;
    if (own.seed) store_.record_seed(run_.id, *own.seed);
    planned_epochs_ = own.epochs;
    store::Declaration declaration = declaration_of(info_);
    declaration.metrics = own.metrics;
    declaration.objective = own.objective;
    store_.declare_also(declaration);
  }

  std::string of_how_many() const {
    const std::optional<Epoch> all = info_.has_open_length ? planned_epochs_ : run_.epochs;
    return all ? fmt::format(" of {}", *all) : "";
  }

  bool keeps_no_state() const {
    const auto choices = query_.choices(run_.id);
    const auto kind = choices.find(kResumeKind);
    return kind != choices.end() && kind->second == kRestarted;
  }

  /// Does not start an epoch that the deadline would cut off.
  void stop_if_out_of_time(Epoch epoch) const {
    if (!options_.deadline || Clock::now() + last_epoch_took_ <= *options_.deadline) return;
    const std::string why = Clock::now() >= *options_.deadline
                                ? "the time was up"
                                : fmt::format("it would not fit, since the last one took {:.1f} s",
                                              last_epoch_took_.count());
    store_.add_event(run_.id, kBudgetEvent, fmt::format("stopped before epoch {}: {}", epoch, why));
    throw StopRequested{};
  }

  void stop_if_it_does_not_pay(Epoch epoch) const {
    if (!options_.stopping) return;
    const StopRules& rules = options_.stopping->rules;
    // Runs whose metric means something else are not comparable.
    std::set<std::string> within =
        store::Declarations({declaration_of(info_)}).meaning(run_, rules.metric);
    if (!rules.within.empty()) within.insert(rules.within);
    auto curves = query_.curves(options_.stopping->sweep, rules.metric, run_.id, within);
    const std::map<store::RunId, std::int64_t> places = query_.places(options_.stopping->sweep);
    const auto measured = [&](store::RunId run, ValuesByEpoch& curve) {
      const auto place = places.find(run);
      return MeasuredRun{std::move(curve), place == places.end() ? 0 : place->second};
    };
    const MeasuredRun own = measured(run_.id, curves[run_.id]);
    if (!own.values.contains(epoch)) return;  // judged already, by its last value
    curves.erase(run_.id);
    std::vector<MeasuredRun> others;
    for (auto& [run, curve] : curves) others.push_back(measured(run, curve));
    const auto reason = reason_to_stop(rules, own, others);
    if (!reason) return;
    store_.add_event(run_.id, kRuleEvent, *reason);
    throw StoppedByRule{};
  }

  bool is_stopping() const {
    return options_.stop_requested() || heartbeat_.is_taken_over() ||
           (options_.deadline && Clock::now() >= *options_.deadline);
  }

  bool must_stop(Epoch epoch) const {
    if (heartbeat_.is_taken_over()) throw store::AttemptOver();
    if (options_.stop_requested()) return true;
    if (!options_.deadline || Clock::now() < *options_.deadline) return false;
    store_.add_event(run_.id, kBudgetEvent,
                     fmt::format("stopped in epoch {}: the time was up", epoch));
    return true;
  }

  /// Starts to watch the GPU when the experiment uses one.
  void begin_watching() {
    const bool uses_gpu = is_gpu(device_);
    if (!watch_ || uses_gpu != watches_gpu_) watch_.emplace(options_.threads, uses_gpu);
    watches_gpu_ = uses_gpu;
    watch_->begin();
  }

  void begin_epoch(Epoch epoch) {
    reset_peak_memory();
    begin_watching();
    epoch_began_ = Clock::now();
    epoch_ = {};
    epoch_.number = epoch;
    epoch_.started_at = now();
    steps_->begin_epoch(epoch);
  }

  /// Does the epoch that was started.
  void do_epoch() {
    store::EpochRecord record = std::move(epoch_);
    const Epoch epoch = record.number;
    const Clock::time_point start = epoch_began_;
    StoredProgress progress(store_, *steps_, attempt_, epoch, [&] { return must_stop(epoch); });
    TrainingPass pass = experiment_->train(epoch, progress);
    record.train_seconds = Clock::now() - start;
    record.metrics = std::move(pass.metrics);
    record_device();
    StoppingProgress stopping([&] { return must_stop(epoch); });
    record.metrics.merge(experiment_->validate(epoch, stopping));
    record.validation_samples = experiment_->validation_samples();
    check(record.validation_samples);
    store::UnpublishedFiles files;
    folder_.save_checkpoint([&](const std::filesystem::path& to) { experiment_->save(to); }, epoch,
                            attempt_, files);
    const bool has_checkpoint = !files.artifacts.empty();
    for (const Sample& sample : experiment_->samples(epoch)) {
      folder_.save_sample(sample, epoch, attempt_, files);
    }

    record.seconds = Clock::now() - start;
    record.data_wait_seconds = pass.waiting_for_data;
    record.samples = pass.samples;
    record.steps = pass.steps;
    record.learning_rate = pass.learning_rate;
    record.peak_device_memory = pass.peak_device_memory;
    const UtilisationWatch::Measurement measured = watch_->end();
    put_utilisation(measured, record);
    record.peak_host_memory = most_memory(measured);

    steps_->flush();
    std::vector<Epoch> dropped;
    if (has_checkpoint) dropped = kept_->after(epoch, record.metrics);
    store_.commit_epoch(run_.id, attempt_, record, files.artifacts, dropped,
                        [&] { files.publish(); });
    for (const Epoch old : dropped) folder_.remove_checkpoint(old);
    last_epoch_took_ = record.seconds;
    log_line(
        fmt::format("epoch {}{} done in {:.2f} s", epoch, of_how_many(), record.seconds.count()));
  }

  store::Store& store_;
  const store::Query& query_;
  const ExperimentInfo& info_;
  store::RunRecord run_;
  store::AttemptId attempt_;
  const WorkOptions& options_;
  store::RunFolder folder_;
  Heartbeat heartbeat_;
  std::unique_ptr<Experiment> experiment_;
  std::optional<KeptCheckpoints> kept_;
  std::optional<StepLog> steps_;
  std::optional<UtilisationWatch> watch_;
  Seconds last_epoch_took_{0};
  std::string device_;  ///< as it was recorded
  bool watches_gpu_ = false;
  std::optional<Epoch> planned_epochs_;  ///< as a program reports it
  store::EpochRecord epoch_;             ///< the current one
  Clock::time_point epoch_began_;
};

/// Removes the files of the unfinished epoch first: recording the end may need their space.
WorkEnd stop_for_want_of_room(store::Store& store, const store::RunRecord& run,
                              store::AttemptId attempt) {
  log_line("the disk is full: stopped; the run can resume when there is space");
  store::RunFolder(store.folder(), run.identity).remove_temporary_files();
  try {
    store.end_attempt(run.id, attempt, store::RunStatus::interrupted, "interrupted", {});
    store.add_event(run.id, kDiskFullEvent,
                    "the disk of the store had no space for the next epoch");
  } catch (const SQLite::Exception& exception) {
    log_line(fmt::format("this could not be recorded: {}", exception.what()));
  }
  return WorkEnd::interrupted;
}

}  // namespace

WorkEnd work(store::Store& store, const store::Query& query, PluginRegistry& registry,
             store::RunId id, const WorkOptions& options) {
  const std::optional<store::RunRecord> before = query.find_run(id);
  if (!before) return WorkEnd::not_ours;
  const ExperimentInfo& info = experiment_to_run(*before, registry);
  const auto attempt = store.claim(id, attempt_start(info, registry.build(info.name), options));
  if (!attempt) return WorkEnd::not_ours;

  const auto end = [&](WorkEnd how, store::RunStatus status, const std::string& error = {}) {
    if (store.end_attempt(id, *attempt, status, std::string(name_of(status)), error)) return how;
    log_line(store::AttemptOver().what());
    return WorkEnd::not_ours;
  };
  const auto fail = [&](const std::string& error) {
    // A library may have hidden the reason.
    if (!has_room(store.folder())) return stop_for_want_of_room(store, *before, *attempt);
    log_line("failed: " + error);
    return end(WorkEnd::failed, store::RunStatus::failed, error);
  };
  try {
    if (info.version != before->experiment_version) {
      throw Error(
          fmt::format("the run was made for version {} of '{}', but the plugin is version {}",
                      before->experiment_version, info.name, info.version),
          {}, "run the sweep again to make runs for the new version");
    }
    // Reads the run again: it may have changed between the first look and the claim.
    Attempt(store, query, info, query.run(id), *attempt, options).go();
  } catch (const StopRequested&) {
    log_line("stopped when asked to");
    return end(WorkEnd::interrupted, store::RunStatus::interrupted);
  } catch (const StoppedByRule&) {
    log_line("stopped by a rule of the sweep");
    return end(WorkEnd::stopped, store::RunStatus::stopped);
  } catch (const EndedByItself&) {
    log_line("the program ended by itself");
    return end(WorkEnd::stopped, store::RunStatus::stopped);
  } catch (const store::AttemptOver& over) {
    log_line(over.what());
    return WorkEnd::not_ours;
  } catch (const SQLite::Exception& exception) {
    if (store.is_out_of_room(exception)) return stop_for_want_of_room(store, *before, *attempt);
    throw;  // the store itself fails: there is nowhere to record it
  } catch (const DiskFull& full) {
    log_line(full.what());
    return stop_for_want_of_room(store, *before, *attempt);
  } catch (const Error& error) {
    return fail(error.what());
  } catch (const std::system_error& error) {
    log_line(error.what());
    if (is_want_of_room(error.code())) return stop_for_want_of_room(store, *before, *attempt);
    return fail(fmt::format("internal error: {}", first_line(error.what())));
  } catch (const std::exception& error) {
    log_line(error.what());
    return fail(fmt::format("internal error: {}", first_line(error.what())));
  }
  return end(WorkEnd::finished, store::RunStatus::finished);
}

}  // namespace epochal

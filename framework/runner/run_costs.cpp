// Measures each part of an epoch once cold and once warm, with a short training pass.

#include "framework/runner/run_costs.h"

#include <chrono>
#include <limits>

#include "db/run_folder.h"
#include "framework/system/host.h"
#include "framework/system/nvml.h"
#include "framework/system/process.h"

namespace epochal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Seconds kLongEnough{3};  ///< for the rate of a pass, and for sample pictures
constexpr int kFewestSteps = 4;

template <typename Action>
Seconds time_of(const Action& action) {
  const Clock::time_point start = Clock::now();
  action();
  return Clock::now() - start;
}

/// Stops a pass when its rate is known or its limit is reached.
class RateProgress : public Progress {
 public:
  explicit RateProgress(std::int64_t furthest) : furthest_(furthest) {}

  void advance(std::int64_t done, std::int64_t total) override {
    const Seconds at = Clock::now() - start_;
    if (steps_ == 0) first_ = {done, at};
    last_ = {done, at};
    total_ = total;
    ++steps_;
    const bool has_seen_enough = at >= kLongEnough || done >= furthest_;
    if (done < total && steps_ >= kFewestSteps && has_seen_enough) throw StopRequested{};
  }

  /// The time of the whole pass: the measured part, and the rest at the rate between the first and
  /// the last measured step. The first step includes the start of the loader.
  Seconds whole_pass() const {
    const std::int64_t left = total_ - last_.done;
    const std::int64_t seen = last_.done - first_.done;
    if (left <= 0 || seen <= 0) return last_.at;
    return last_.at +
           (last_.at - first_.at) * (static_cast<double>(left) / static_cast<double>(seen));
  }

  std::int64_t samples() const { return last_.done; }

 private:
  struct Mark {
    std::int64_t done = 0;
    Seconds at{0};
  };

  Clock::time_point start_ = Clock::now();
  std::int64_t furthest_;
  Mark first_;
  Mark last_;
  std::int64_t total_ = 0;
  int steps_ = 0;
};

/// The time of a pass, and the number of samples that were measured.
struct PassTime {
  Seconds whole{0};
  std::int64_t samples = 0;
};

PassTime pass_time(Experiment& experiment, Epoch epoch, std::int64_t furthest) {
  RateProgress progress(furthest);
  const Clock::time_point start = Clock::now();
  try {
    experiment.train(epoch, progress);
  } catch (const StopRequested&) {
    return {progress.whole_pass(), progress.samples()};
  }
  return {Clock::now() - start, progress.samples()};
}

/// Measures the whole validation: its length is unknown before.
class SilentProgress : public Progress {
 public:
  void advance(std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

/// The mean time of what is done after an epoch. The experiment decides which epochs have a
/// validation or sample pictures: asks for all while time lasts.
template <typename Action>
Seconds time_an_epoch(Epoch epochs, const Action& action) {
  Seconds spent{0};
  Epoch asked = 0;
  while (asked < epochs && spent < kLongEnough) {
    ++asked;
    spent += time_of([&] { action(asked); });
  }
  return asked == 0 ? spent : spent / asked;
}

}  // namespace

Seconds RunCosts::of(Epoch epochs) const {
  if (epochs <= 0) return Seconds{0};
  return prepare + first_epoch + (later_epoch + later_validation) * (epochs - 1) +
         samples_an_epoch * epochs;
}

void add_memory_measures(RunContext& context) {
  context.peak_memory_of = peak_memory_of;
  context.device_memory = []() -> std::optional<DeviceMemory> {
    const auto load = GpuLoadMeter(true).load();
    if (!load) return std::nullopt;
    return DeviceMemory{load->memory_bytes, load->total_memory_bytes};
  };
}

RunCosts measure_run_costs(const ExperimentInfo& info, const RunContext& context,
                           const std::filesystem::path& scratch) {
  RunCosts costs;
  const std::unique_ptr<Experiment> experiment = info.create();
  costs.prepare = time_of([&] { experiment->prepare(context); });
  costs.device = device_name(experiment->device());

  const PassTime cold = pass_time(*experiment, 1, std::numeric_limits<std::int64_t>::max());
  costs.first_epoch = cold.whole;
  if (context.epochs > 1) {
    // The pass restarts with the same samples, which are cached now; later samples are not.
    costs.later_epoch = pass_time(*experiment, 1, cold.samples).whole;
  }
  // The last epoch has all that there is, and reads its data for the first time.
  const auto validate = [&](Epoch epoch) {
    SilentProgress progress;
    experiment->validate(epoch, progress);
  };
  costs.first_epoch += time_of([&] { validate(context.epochs); });
  costs.later_validation = time_an_epoch(context.epochs - 1, validate);
  const store::RunFolder folder(scratch, "forecast");
  const Seconds saving = time_of([&] {
    store::UnpublishedFiles files;
    folder.save_checkpoint([&](const std::filesystem::path& to) { experiment->save(to); }, 1,
                           store::AttemptId{}, files);
    files.publish();
  });
  folder.remove_checkpoint(1);
  costs.first_epoch += saving;
  costs.later_epoch += saving;
  costs.samples_an_epoch =
      time_an_epoch(context.epochs, [&](Epoch epoch) { experiment->samples(epoch); });
  costs.peak_memory = peak_memory().value_or(0) + experiment->memory_to_come();
  const auto device_memory = context.device_memory();
  if (is_gpu(costs.device) && device_memory) costs.peak_device_memory = device_memory->taken;
  return costs;
}

}  // namespace epochal

// An experiment that trains nothing, in no time: it makes the framework's own behaviour visible.
// It can be told to sleep, hold memory, fail, crash or diverge at an epoch.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "framework/base/disk_full.h"
#include "framework/base/keyed_random.h"
#include "framework/plugin/experiment.h"

namespace epochal {
namespace {

class Noop : public Experiment {
 public:
  void prepare(const RunContext& context) override {
    context_ = context;
    // Written, not only reserved: memory that was never touched is not resident.
    held_.assign(static_cast<std::size_t>(number("memory")) << 20, 1);
    if (number("fail_at") == 0) throw Error("the experiment was told to fail while preparing");
  }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    const EpochSize size = epoch_size(context_.parameters);
    const std::int64_t whole = (size.samples + size.batch_size - 1) / size.batch_size;
    std::int64_t steps = whole;
    if (context_.steps)
      steps = std::clamp<std::int64_t>(*context_.steps - (epoch - 1) * whole, 1, whole);
    const std::int64_t samples = std::min(size.samples, steps * size.batch_size);
    const double seconds = context_.parameters.real("sleep") / static_cast<double>(whole);
    for (std::int64_t done = 1; done <= steps; ++done) {
      std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
      progress.advance(samples * done / steps, samples);
    }
    if (number("fail_at") == epoch) {
      throw Error("the experiment was told to fail at epoch " + std::to_string(epoch));
    }
    if (number("crash_at") == epoch) std::raise(SIGSEGV);
    // A sum over all epochs so far: only a run that was resumed exactly gets it right.
    KeyedRandom random({context_.seed, static_cast<std::uint64_t>(epoch)});
    state_ =
        0.5 * state_ + random.uniform() * static_cast<double>(steps) / static_cast<double>(whole);

    TrainingPass pass;
    pass.metrics["train.loss"] = loss(epoch);
    pass.samples = samples;
    pass.steps = steps;
    pass.learning_rate = context_.parameters.real("learning_rate");
    return pass;
  }

  Metrics validate(Epoch epoch, Progress& /*progress*/) override {
    const double validation = 1.1 * loss(epoch);
    // Pretended samples whose mean is the metric.
    samples_ = {"noop: 8 pretended samples", {}};
    for (const double deviation : {-0.7, -0.5, -0.3, -0.1, 0.1, 0.3, 0.5, 0.7}) {
      samples_.values["val.loss"].push_back(validation * (1 + deviation));
    }
    return {{"val.loss", validation}};
  }

  ValidationSamples validation_samples() const override { return samples_; }

  /// About ten steps.
  static EpochSize epoch_size(const Parameters& parameters) {
    constexpr std::int64_t kSteps = 10;
    const std::int64_t samples = parameters.integer("dataset_size");
    return {samples, (samples + kSteps - 1) / kSteps};
  }

  void save(const std::filesystem::path& dir) const override {
    write_file(dir / "state.json", nlohmann::json{{"state", state_}}.dump());
  }

  void restore(const std::filesystem::path& dir) override {
    std::ifstream in(dir / "state.json");
    const auto saved = nlohmann::json::parse(in, nullptr, false);
    if (!saved.contains("state") || !saved["state"].is_number()) {
      throw Error("the checkpoint is not one of noop", dir);
    }
    state_ = saved["state"].get<double>();
  }

 private:
  std::int64_t number(const char* name) const { return context_.parameters.integer(name); }

  double loss(Epoch epoch) const {
    if (number("diverge_at") > 0 && epoch >= number("diverge_at")) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const double rate = context_.parameters.real("learning_rate");
    const auto size = static_cast<double>(number("dataset_size"));
    return std::exp(-rate * epoch) + 1 / std::sqrt(size) + 0.01 * state_;
  }

  RunContext context_;
  std::vector<char> held_;
  ValidationSamples samples_;
  double state_ = 0;
};

ExperimentInfo noop() {
  ExperimentInfo info;
  info.name = "noop";
  info.summary = "trains nothing; for trying out sweeps and for tests";
  info.schema = Schema({
      integer_parameter("dataset_size", 100, "pretended number of samples")
          .between(1, 1e9)
          .in("samples"),
      real_parameter("learning_rate", 0.1, "how fast the pretended loss falls").between(0, 10),
      real_parameter("sleep", 0, "time of a pass").between(0, 3600).in("s"),
      integer_parameter("memory", 0, "memory that it uses").between(0, 1 << 20).in("MiB"),
      integer_parameter("fail_at", -1, "epoch at which it fails; 0: while preparing")
          .between(-1, 1e6),
      integer_parameter("crash_at", -1, "epoch at which it crashes").between(-1, 1e6),
      integer_parameter("diverge_at", -1, "epoch from which losses are NaN").between(-1, 1e6),
      text_parameter("word", "", "anything; only to tell runs apart"),
  });
  info.metrics = {{"train.loss", Better::lower, "pretended loss of training", ""},
                  {"val.loss", Better::lower, "pretended loss of validation", ""}};
  info.objective = "val.loss";
  info.epoch_size = Noop::epoch_size;
  info.create = [] { return std::make_unique<Noop>(); };
  return info;
}

}  // namespace
}  // namespace epochal

EPOCHAL_EXPERIMENT(epochal::noop)

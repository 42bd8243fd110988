// An experiment of which more is better: its accuracy rises, and falls again at the end. With
// EPOCHAL_TEST_CHANGED it trains otherwise.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <thread>

#include "framework/base/disk_full.h"
#include "framework/base/keyed_random.h"
#include "framework/plugin/experiment.h"

namespace epochal {
namespace {

#ifdef EPOCHAL_TEST_CHANGED
constexpr double kHead = 0.05;
#else
constexpr double kHead = 0;
#endif

class Accuracy : public Experiment {
 public:
  void prepare(const RunContext& context) override { context_ = context; }

  TrainingPass train(Epoch epoch, Progress& progress) override {
    progress.advance(100, 100);
    TrainingPass pass;
    pass.metrics["train.loss"] = context_.parameters.real("weight") * (1 - value(epoch));
    pass.metrics["temperature"] = static_cast<double>(epoch);
    pass.samples = 100;
    return pass;
  }

  /// Takes as long as EPOCHAL_TEST_VALIDATION says, in seconds.
  Metrics validate(Epoch epoch, Progress& progress) override {
    const char* seconds = std::getenv("EPOCHAL_TEST_VALIDATION");
    const int steps = seconds == nullptr ? 0 : 100 * std::atoi(seconds);
    for (int step = 1; step <= steps; ++step) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      progress.advance(step, steps);
    }
    return {{"val.accuracy", value(epoch)}};
  }

  void save(const std::filesystem::path& dir) const override { write_file(dir / "state", "1"); }
  void restore(const std::filesystem::path& /*dir*/) override {}

 private:
  /// Best at epoch 3, and for all epochs higher with more data.
  double value(Epoch epoch) const {
    const auto size = static_cast<double>(context_.parameters.integer("dataset_size"));
    KeyedRandom random({context_.seed, static_cast<std::uint64_t>(epoch)});
    const double course = 1 - 0.1 * std::abs(static_cast<double>(epoch) - 3);
    return std::clamp(course * (0.5 + kHead + 0.1 * std::log10(size)) + 0.001 * random.uniform(),
                      0.0, 1.0);
  }

  RunContext context_;
};

/// Draws no picture, and says what it was given.
Drawing drawing(const ReportInputs& inputs) {
  Drawing drawn;
  for (const auto& [name, values] : inputs) {
    for (const ReportInput& value : values) drawn.missing += name + " is " + value.text + "; ";
  }
  return drawn;
}

ExperimentInfo accuracy() {
  ExperimentInfo info;
  info.name = "accuracy";
  info.summary = "pretends to classify; for tests";
  info.schema =
      Schema({integer_parameter("dataset_size", 100, "pretended samples").between(1, 1e9),
              real_parameter("weight", 1, "of the loss").between(0, 100).part_of_objective(),
              text_parameter("classes", "ten", "which are told apart")
                  .one_of({"ten", "hundred"})
                  .part_of_objective()});
  info.metrics = {
      {"train.loss", Better::lower, "loss of training", ""},
      {"val.accuracy", Better::higher, "share of the validation set that is right", "", {"weight"}},
      {"temperature", std::nullopt, "neither good nor bad", "K"}};
  info.objective = "val.accuracy";
  info.create = [] { return std::make_unique<Accuracy>(); };
  info.sample_word = "letters";
  info.report_inputs = {{"strength", ReportInputSpec::Kind::reals, "how bold the letters are"},
                        {"font", ReportInputSpec::Kind::path, "in which they are written"}};
  info.draw = [](const TrainedRun&, const ReportInputs& inputs) { return drawing(inputs); };
  return info;
}

}  // namespace
}  // namespace epochal

EPOCHAL_EXPERIMENT(epochal::accuracy)

#include "framework/runner/run_costs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

/// Takes a moment for each sample, and remembers how far each pass came.
class SlowExperiment : public Experiment {
 public:
  explicit SlowExperiment(std::vector<std::int64_t>& passes) : passes_(passes) {}

  void prepare(const RunContext& /*context*/) override {}
  TrainingPass train(Epoch /*epoch*/, Progress& progress) override {
    passes_.push_back(0);
    const bool is_cold = passes_.size() == 1;
    for (std::int64_t sample = 1; sample <= 10'000; ++sample) {
      std::this_thread::sleep_for(std::chrono::milliseconds(is_cold ? 50 : 1));
      passes_.back() = sample;
      progress.advance(sample, 10'000);
    }
    return {};
  }
  Metrics validate(Epoch /*epoch*/, Progress& /*progress*/) override { return {}; }
  void save(const std::filesystem::path& /*dir*/) const override {}
  void restore(const std::filesystem::path& /*dir*/) override {}

 private:
  std::vector<std::int64_t>& passes_;
};

TEST(RunCosts, MeasuresLaterEpochsOnSamplesThatWereSeen) {
  std::vector<std::int64_t> passes;
  ExperimentInfo info;
  info.create = [&] { return std::make_unique<SlowExperiment>(passes); };
  RunContext context;
  context.epochs = 2;
  const test::TemporaryFolder scratch;
  const RunCosts costs = measure_run_costs(info, context, scratch.path());

  ASSERT_EQ(passes.size(), 2u);
  EXPECT_LT(passes.at(0), 10'000);
  EXPECT_EQ(passes.at(1), passes.at(0)) << "samples behind these are cold";
  EXPECT_GT(costs.first_epoch, costs.later_epoch);
}

/// Trains at once, and validates after every `every`-th epoch and after the last.
class SeldomValidating : public Experiment {
 public:
  static constexpr std::chrono::milliseconds kValidation{200};

  void prepare(const RunContext& context) override { epochs_ = context.epochs; }
  TrainingPass train(Epoch /*epoch*/, Progress& /*progress*/) override { return {}; }
  Metrics validate(Epoch epoch, Progress& /*progress*/) override {
    constexpr Epoch kEvery = 10;
    if (epoch == epochs_ || epoch % kEvery == 0) std::this_thread::sleep_for(kValidation);
    return {};
  }
  void save(const std::filesystem::path& /*dir*/) const override {}
  void restore(const std::filesystem::path& /*dir*/) override {}

 private:
  Epoch epochs_ = 0;
};

TEST(RunCosts, SpreadsValidationsThatAreNotMadeAfterEveryEpoch) {
  ExperimentInfo info;
  info.create = [] { return std::make_unique<SeldomValidating>(); };
  RunContext context;
  context.epochs = 1000;
  const test::TemporaryFolder scratch;
  const RunCosts costs = measure_run_costs(info, context, scratch.path());

  constexpr Seconds kAll = 100 * SeldomValidating::kValidation;
  // Ten times as much if each epoch validated. A busy machine makes the other epochs longer.
  EXPECT_GT(costs.of(context.epochs) / kAll, 0.85);
  EXPECT_LT(costs.of(context.epochs) / kAll, 4);
}

}  // namespace
}  // namespace epochal

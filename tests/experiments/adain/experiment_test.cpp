#include "experiments/adain/experiment.h"

#include <gtest/gtest.h>

#include <numeric>

#include "experiments/adain/settings.h"
#include "experiments/torch/weights/safetensors.h"
#include "framework/base/sha256.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/trained.h"

namespace epochal::adain {
namespace {

using test::CountingProgress;
using test::prepared;
using test::train;

RunContext small_context() {
  RunContext context;
  context.parameters = schema().defaults();
  const auto set = [&](const char* name, std::int64_t value) {
    context.parameters.set(name, value);
  };
  set("image_size", 32);
  set("dataset_size", 7);  // two batches and a short one
  set("batch_size", 3);
  set("validation_size", 4);
  set("width_divisor", 16);
  context.parameters.set("encoder", std::string("random"));
  context.parameters.set("lr_schedule", std::string("inverse_time"));
  context.seed = 11;
  context.epochs = 4;
  context.threads = 2;
  return context;
}

std::string weights_after(const Experiment& experiment) {
  const test::TemporaryFolder folder;
  experiment.save(folder.path());
  return sha256_of_file(folder / "decoder.safetensors") +
         sha256_of_file(folder / "optimizer.safetensors") +
         sha256_of_file(folder / "schedule.json");
}

TEST(AdainExperiment, ResumesToTheSameBits) {
  const auto whole = prepared(make_experiment(), small_context());
  const std::vector<Metrics> expected = train(*whole, 1, 4);

  const test::TemporaryFolder folder;
  std::vector<Metrics> found;
  {
    const auto first = prepared(make_experiment(), small_context());
    found = train(*first, 1, 2);
    first->save(folder.path());
  }
  const auto second = prepared(make_experiment(), small_context());
  second->restore(folder.path());
  for (Metrics& metrics : train(*second, 3, 4)) found.push_back(std::move(metrics));

  EXPECT_EQ(found, expected);
  EXPECT_EQ(weights_after(*second), weights_after(*whole));
}

TEST(AdainExperiment, LoaderThreadsAndCacheChangeNothing) {
  const auto one = prepared(make_experiment(), small_context());
  RunContext other = small_context();
  other.parameters.set("loader_threads", std::int64_t{5});
  other.parameters.set("cache_memory", std::int64_t{0});
  const auto five = prepared(make_experiment(), other);
  EXPECT_EQ(train(*one, 1, 2), train(*five, 1, 2));
}

TEST(AdainExperiment, SeesEverySampleOnceAndReportsItsRate) {
  const auto experiment = prepared(make_experiment(), small_context());
  CountingProgress progress;
  const TrainingPass pass = experiment->train(1, progress);
  EXPECT_EQ(pass.samples, 7);
  EXPECT_EQ(progress.calls, 3);
  EXPECT_EQ(pass.steps, 3);
  EXPECT_EQ(pass.learning_rate, 5e-4);
  for (const char* name : {"train.content", "train.style", "train.total"}) {
    EXPECT_TRUE(pass.metrics.contains(name));
  }
  EXPECT_NEAR(pass.metrics.at("train.total"),
              pass.metrics.at("train.content") + pass.metrics.at("train.style"), 1e-5);
}

TEST(AdainExperiment, EndsInTheMiddleOfItsLastEpoch) {
  RunContext context = small_context();
  context.epochs = 2;
  context.steps = 5;  // of three in an epoch
  const auto whole = prepared(make_experiment(), context);
  CountingProgress progress;
  EXPECT_EQ(whole->train(1, progress).steps, 3);
  const test::TemporaryFolder folder;
  whole->save(folder.path());
  const TrainingPass last = whole->train(2, progress);
  EXPECT_EQ(last.steps, 2);
  EXPECT_EQ(last.samples, 6);

  const auto resumed = prepared(make_experiment(), context);
  resumed->restore(folder.path());
  EXPECT_EQ(resumed->train(2, progress).metrics, last.metrics);
  EXPECT_EQ(weights_after(*resumed), weights_after(*whole));
}

TEST(AdainExperiment, GivesTheLossesOfEachValidationPair) {
  const auto experiment = prepared(make_experiment(), small_context());
  CountingProgress progress;
  const Metrics metrics = experiment->validate(1, progress);
  const ValidationSamples samples = experiment->validation_samples();
  EXPECT_EQ(samples.set.size(), 64U);
  ASSERT_EQ(samples.values.size(), 3U);
  for (const auto& [metric, values] : samples.values) {
    ASSERT_EQ(values.size(), 4U) << metric;
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 4;
    EXPECT_NEAR(mean, metrics.at(metric), 1e-5 * mean) << metric;
    EXPECT_NE(values[0], values[1]) << metric;
  }
}

TEST(AdainExperiment, NamesItsValidationSetByItsPixels) {
  const auto set_with = [](const char* name, std::int64_t value) {
    RunContext context = small_context();
    context.parameters.set(name, value);
    const auto experiment = prepared(make_experiment(), context);
    CountingProgress progress;
    experiment->validate(1, progress);
    return experiment->validation_samples().set;
  };
  const std::string set = set_with("batch_size", 3);
  EXPECT_EQ(set_with("dataset_size", 5), set);
  EXPECT_EQ(set_with("dataset_seed", 1), set);
  EXPECT_NE(set_with("subset_seed", 1), set);
  EXPECT_NE(set_with("validation_size", 3), set);
  EXPECT_NE(set_with("resize", 40), set);
}

TEST(AdainExperiment, AJudgeChangesNoBitOfTheTraining) {
  const auto alone = prepared(make_experiment(), small_context());
  const std::vector<Metrics> expected = train(*alone, 1, 2);

  RunContext context = small_context();
  context.parameters.set("judge", std::string("mini"));
  context.parameters.set("judge_every", std::int64_t{2});
  std::string chosen;
  context.choose = [&](std::string_view, std::string_view hash) { chosen = hash; };
  const auto judged = prepared(make_experiment(), context);
  std::vector<Metrics> found = train(*judged, 1, 2);
  EXPECT_FALSE(found[1].contains("judge.content")) << "not every epoch";
  for (const char* metric : {"judge.content", "judge.style"}) {
    EXPECT_GT(found[3].at(metric), 0);
    EXPECT_EQ(judged->validation_samples().values.at(metric).size(), 4U);
    found[3].erase(metric);
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(weights_after(*judged), weights_after(*alone));
  EXPECT_EQ(chosen.size(), 64U);

  context.chosen = {{"weights of the judge", std::string(64, '0')}};
  const auto changed = prepared(make_experiment(), context);
  test::expect_error("the judge's weights have changed", [&] { train(*changed, 2, 2); });
}

TEST(AdainExperiment, ValidatesAsOftenAsAskedAndAfterTheLastEpoch) {
  const auto each = prepared(make_experiment(), small_context());
  const std::vector<Metrics> expected = train(*each, 1, 3);

  RunContext context = small_context();
  context.epochs = 3;
  context.parameters.set("validate_every", std::int64_t{2});
  context.parameters.set("judge", std::string("mini"));
  context.parameters.set("judge_every", std::int64_t{3});
  const auto seldom = prepared(make_experiment(), context);
  const std::vector<Metrics> found = train(*seldom, 1, 3);
  EXPECT_EQ(found[0], expected[0]);
  EXPECT_TRUE(found[1].empty());
  EXPECT_EQ(found[3], expected[3]);
  EXPECT_EQ(found[5].at("val.total"), expected[5].at("val.total"));
  EXPECT_TRUE(found[5].contains("judge.content"));
  EXPECT_EQ(weights_after(*seldom), weights_after(*each));

  CountingProgress progress;
  EXPECT_TRUE(seldom->validate(1, progress).empty());
  EXPECT_TRUE(seldom->validation_samples().set.empty()) << "those of an earlier epoch are gone";
}

TEST(AdainExperiment, SeedsDiffer) {
  RunContext other = small_context();
  other.seed = 12;
  const auto one = make_experiment();
  const auto two = make_experiment();
  one->prepare(small_context());
  two->prepare(other);
  EXPECT_NE(train(*one, 1, 1), train(*two, 1, 1));
}

TEST(AdainExperiment, DrawsAGridAtSomeEpochs) {
  const auto experiment = make_experiment();
  RunContext context = small_context();
  context.epochs = 20;
  experiment->prepare(context);
  int grids = 0;
  for (Epoch epoch = 1; epoch <= 20; ++epoch) {
    grids += static_cast<int>(experiment->samples(epoch).size());
  }
  EXPECT_EQ(grids, 5);  // epochs 1, 5, 10, 15, 20
  const Sample grid = experiment->samples(20).at(0);
  EXPECT_EQ(grid.bytes.at(1), std::byte{'P'});
}

TEST(AdainExperiment, RefusesACheckpointThatIsNone) {
  const test::TemporaryFolder folder;
  const auto experiment = prepared(make_experiment(), small_context());
  experiment->save(folder.path());
  write_safetensors(folder / "decoder.safetensors", {{"1.weight", torch::zeros({1})}});
  test::expect_error("has another shape or type", [&] { experiment->restore(folder.path()); });
}

TEST(AdainExperiment, CudaIsNotPretended) {
  if (torch::cuda::is_available()) GTEST_SKIP() << "there is a CUDA device";
  RunContext context = small_context();
  context.parameters.set("device", std::string("cuda"));
  test::expect_error("use device=auto or device=cpu", [&] { make_experiment()->prepare(context); });
}

TEST(AdainInspector, LooksAtInputsFirst) {
  Parameters parameters = small_context().parameters;
  const InputFingerprints inputs = make_inspector()->inspect(parameters);
  EXPECT_NE(inputs.data.find("generated:scenes"), std::string::npos);
  EXPECT_NE(inputs.weights.find("width divisor 16"), std::string::npos);

  parameters.set("content", std::string("/no/such/folder"));
  test::expect_error("/no/such/folder", [&] { make_inspector()->inspect(parameters); });
  parameters = small_context().parameters;
  parameters.set("resize", std::int64_t{20});
  test::expect_error("crops would not fit", [&] { make_inspector()->inspect(parameters); });
}

TEST(AdainSchema, HasTheStudysDefaults) {
  const Parameters defaults = schema().defaults();
  EXPECT_EQ(defaults.real("learning_rate"), 5e-4);
  EXPECT_EQ(defaults.real("gamma"), 1.0);
  EXPECT_EQ(defaults.text("lr_schedule"), "plateau");
  EXPECT_EQ(resize_side(defaults), 512);
}

}  // namespace
}  // namespace epochal::adain

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <set>

#include "experiments/encoder/augmentation.h"
#include "experiments/encoder/distilled_encoder.h"
#include "experiments/encoder/experiment.h"
#include "experiments/encoder/normalise.h"
#include "experiments/encoder/pruned_start.h"
#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/weights/encoder_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/trained.h"

namespace epochal::encoder {
namespace {

using test::prepared;
using test::train;

RunContext small_context() {
  RunContext context;
  context.parameters = schema().defaults();
  for (const auto& [name, value] : std::map<std::string, std::int64_t>{{"dataset_size", 10},
                                                                       {"validation_size", 6},
                                                                       {"image_size", 32},
                                                                       {"width_divisor", 16},
                                                                       {"batch_size", 4}}) {
    context.parameters.set(name, value);
  }
  context.seed = 3;
  context.epochs = 4;
  return context;
}

/// A teacher with weights that nobody trained, and pictures for it.
Encoder random_teacher(int width_divisor) {
  Encoder teacher(width_divisor);
  initialise_encoder(teacher, 3);
  return teacher;
}

torch::Tensor pictures(std::int64_t count, std::int64_t side) {
  torch::manual_seed(1);
  return torch::rand({count, 3, side, side});
}

TEST(AugmentedCrop, IsAFunctionOfItsKeyAndKeepsTheSide) {
  const cv::Mat picture = generate_image(GeneratorKind::scenes, 1, 80);
  std::set<double> means;
  for (std::uint64_t key = 0; key < 30; ++key) {
    const cv::Mat crop = augmented_crop(picture, 40, {7, key});
    EXPECT_EQ(crop.size(), cv::Size(40, 40));
    EXPECT_EQ(cv::norm(crop, augmented_crop(picture, 40, {7, key}), cv::NORM_INF), 0);
    means.insert(cv::mean(crop)[0]);
  }
  EXPECT_GT(means.size(), 25u);
  EXPECT_TRUE(augmented_crop(cv::Mat(), 40, {1}).empty());
  EXPECT_EQ(augmented_crop(picture, 80, {1}).size(), cv::Size(80, 80));
}

TEST(ChooseChannels, FindsThoseFromWhichTheOthersFollow) {
  torch::manual_seed(2);
  const torch::Tensor base = torch::randn({500, 2}, torch::kFloat64);
  const torch::Tensor samples =
      torch::stack({base.select(1, 0) * 3 + 1, base.select(1, 0) * 2 - base.select(1, 1),
                    base.select(1, 1) * 4 + 5, base.select(1, 0) + base.select(1, 1)},
                   1);
  const ChannelSubset subset = choose_channels(samples, 2);
  ASSERT_EQ(subset.kept.size(), 2u);
  const torch::Tensor kept = samples.index_select(1, torch::tensor(subset.kept));
  const torch::Tensor found = kept.mm(subset.of_kept.t()) + subset.rest;
  EXPECT_TRUE(torch::allclose(found, samples, 1e-4, 1e-4));
}

TEST(ChooseChannels, BearsChannelsThatNeverFire) {
  const ChannelSubset subset = choose_channels(torch::zeros({50, 6}, torch::kFloat64), 3);
  EXPECT_EQ(std::set<std::int64_t>(subset.kept.begin(), subset.kept.end()).size(), 3u);
  EXPECT_TRUE(subset.of_kept.isfinite().all().item<bool>());
}

TEST(Prune, ToTheSameWidthIsTheTeacher) {
  Encoder teacher = random_teacher(16);
  PrunedEncoder pruned = prune(teacher, 16, pictures(3, 32));
  const torch::NoGradGuard no_grad;
  const torch::Tensor images = pictures(2, 48);
  EXPECT_TRUE(
      torch::allclose(pruned.encoder->deepest(images), teacher->deepest(images), 1e-3, 1e-4));
}

/// A trained network has channels that say nearly the same; an untrained one has none to spare.
TEST(Prune, SeesMoreOfATrainedTeacherThanItsMeans) {
  Encoder teacher = load_encoder("mini");
  const torch::NoGradGuard no_grad;
  DistilledEncoder student(2 * teacher->width_divisor(), teacher->width_divisor());
  student->begin_from(teacher, typical_images(12, 96));
  const torch::Tensor others = typical_images(16, 96).slice(0, 24);
  const auto error = distillation_error(student->forward(others), teacher->forward(others));
  for (std::size_t level = 0; level < 4; ++level) {
    EXPECT_LT((error.squared.at(level) / error.variance.at(level)).item<double>(), 0.95) << level;
  }
}

TEST(Prune, RefusesAWidthThatIsNoPart) {
  Encoder teacher = random_teacher(4);
  test::expect_error("cannot be distilled", [&] { prune(teacher, 2, pictures(1, 32)); });
  test::expect_error("cannot be distilled", [&] { prune(teacher, 6, pictures(1, 32)); });
}

TEST(EncoderInspector, NamesAllThatIsWrongBeforeAnyRun) {
  Parameters parameters = small_context().parameters;
  parameters.set("width_divisor", std::int64_t{1});
  parameters.set("images", std::string("generated:scens"));
  const auto inspect = [&] { make_inspector()->inspect(parameters); };
  test::expect_error("cannot be distilled from one with width divisor 2", inspect);
  test::expect_error("no image generator 'generated:scens'", inspect);
}

TEST(DistillationError, IsTheShareOfTheVariance) {
  const torch::Tensor wanted = torch::randn({4, 3, 8, 8}) * 2 + 5;
  const torch::Tensor means = wanted.mean({0, 2, 3}, true).expand_as(wanted);
  const Features teacher{wanted, wanted, wanted, wanted};
  const auto of_means = distillation_error({means, means, means, means}, teacher);
  EXPECT_NEAR(of_means.loss().item<double>(), 4, 0.1);
  EXPECT_EQ(distillation_error(teacher, teacher).loss().item<double>(), 0);
}

TEST(EncoderExperiment, ResumesToTheSameBits) {
  const auto whole = prepared(make_experiment(), small_context());
  const auto expected = train(*whole, 1, 4);

  const test::TemporaryFolder folder;
  const auto first = prepared(make_experiment(), small_context());
  auto found = train(*first, 1, 2);
  first->save(folder.path());
  RunContext other = small_context();
  other.parameters.set("loader_threads", std::int64_t{4});
  const auto second = prepared(make_experiment(), other);
  second->restore(folder.path());
  for (Metrics& metrics : train(*second, 3, 4)) found.push_back(std::move(metrics));
  EXPECT_EQ(found, expected);
}

TEST(EncoderExperiment, LearnsToSeeAHandfulOfPictures) {
  RunContext context = small_context();
  context.parameters.set("learning_rate", 3e-3);
  context.parameters.set("lr_factor", 1.0);
  const auto experiment = prepared(make_experiment(), context);
  const auto metrics = train(*experiment, 1, 40);
  EXPECT_LT(metrics[78].at("train.loss"), 0.8 * metrics[0].at("train.loss"));
}

TEST(NormaliseActivations, MakesEveryMeanOneAndKeepsTheFunction) {
  Encoder encoder(16);
  initialise_encoder(encoder, 5);
  const torch::Tensor images = torch::rand({6, 3, 32, 32});
  const torch::NoGradGuard no_grad;
  const Features before = encoder->forward(images);
  normalise_activations(encoder, images);
  const Features after = encoder->forward(images);
  for (std::size_t i = 0; i < after.size(); ++i) {
    // Each map is what it was, but for its own scale, which brings its mean to 1.
    const torch::Tensor old_mean = before.at(i).mean({0, 2, 3});
    const torch::Tensor mean = after.at(i).mean({0, 2, 3});
    for (std::int64_t c = 0; c < mean.size(0); ++c) {
      if (old_mean[c].item<double>() < 0.2 * old_mean.mean().item<double>()) continue;
      const double scale = mean[c].item<double>() / old_mean[c].item<double>();
      EXPECT_TRUE(
          torch::allclose(after.at(i).select(1, c), scale * before.at(i).select(1, c), 1e-3, 1e-4));
    }
    EXPECT_NEAR(mean.max().item<double>(), 1, 1e-3);
    EXPECT_LE(mean.min().item<double>(), 1 + 1e-3);
  }
}

}  // namespace
}  // namespace epochal::encoder

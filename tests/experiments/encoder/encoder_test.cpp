#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <set>

#include "experiments/encoder/experiment.h"
#include "experiments/encoder/normalise.h"
#include "experiments/encoder/patterns.h"
#include "tests/support/temporary_folder.h"

namespace epochal::encoder {
namespace {

class SilentProgress : public Progress {
 public:
  void advance(std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

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

std::vector<Metrics> train(Experiment& experiment, Epoch first, Epoch last) {
  std::vector<Metrics> all;
  SilentProgress progress;
  for (Epoch epoch = first; epoch <= last; ++epoch) {
    all.push_back(experiment.train(epoch, progress).metrics);
    all.push_back(experiment.validate(epoch));
  }
  return all;
}

TEST(Patterns, AreAFunctionOfTheirIndexAndUseEveryLabel) {
  std::array<std::set<std::int64_t>, kTasks.size()> seen;
  for (std::uint64_t index = 0; index < 120; ++index) {
    const Pattern pattern = draw_pattern(index, 40);
    const Pattern again = draw_pattern(index, 40);
    EXPECT_EQ(pattern.labels, again.labels);
    EXPECT_EQ(cv::norm(pattern.picture, again.picture, cv::NORM_INF), 0);
    for (std::size_t task = 0; task < kTasks.size(); ++task) {
      seen.at(task).insert(pattern.labels.at(task));
    }
  }
  for (std::size_t task = 0; task < kTasks.size(); ++task) {
    EXPECT_EQ(seen.at(task).size(), static_cast<std::size_t>(kTasks.at(task).classes));
  }
}

TEST(EncoderExperiment, ResumesToTheSameBits) {
  const auto whole = make_experiment();
  whole->prepare(small_context());
  const auto expected = train(*whole, 1, 4);

  const test::TemporaryFolder folder;
  const auto first = make_experiment();
  first->prepare(small_context());
  auto found = train(*first, 1, 2);
  first->save(folder.path());
  RunContext other = small_context();
  other.parameters.set("loader_threads", std::int64_t{4});
  const auto second = make_experiment();
  second->prepare(other);
  second->restore(folder.path());
  for (Metrics& metrics : train(*second, 3, 4)) found.push_back(std::move(metrics));
  EXPECT_EQ(found, expected);
}

TEST(EncoderExperiment, LearnsAHandfulOfPatterns) {
  RunContext context = small_context();
  context.parameters.set("learning_rate", 3e-3);
  context.parameters.set("lr_factor", 1.0);
  const auto experiment = make_experiment();
  experiment->prepare(context);
  const auto metrics = train(*experiment, 1, 40);
  EXPECT_LT(metrics[78].at("train.loss"), 0.7 * metrics[0].at("train.loss"));
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

// The fast way of computing losses and gradients against the slow ones.

#include "experiments/adain/gradient.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/experiments/adain/reference_networks.h"

namespace epochal::adain {
namespace {

const torch::Device kCpu{torch::kCPU};

PairBatch random_pairs(std::int64_t count, std::int64_t side, std::uint64_t seed = 3) {
  torch::manual_seed(seed);
  return {torch::rand({count, 3, side, side}), torch::rand({count, 3, side, side}) * 0.5, {}, {}};
}

PairBatch in_float64(const PairBatch& batch) {
  return {batch.content.to(torch::kFloat64), batch.style.to(torch::kFloat64), {}, {}};
}

std::vector<torch::Tensor> take_gradients(Decoder& decoder) {
  std::vector<torch::Tensor> gradients;
  for (torch::Tensor& parameter : decoder->parameters()) {
    gradients.push_back(parameter.grad().to(torch::kFloat64));
    parameter.mutable_grad().reset();
  }
  return gradients;
}

double relative_distance(const torch::Tensor& found, const torch::Tensor& expected) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

void expect_near(const Losses& found, const Losses& expected, double relative) {
  const auto expect = [&](const torch::Tensor& a, const torch::Tensor& b) {
    EXPECT_NEAR(a.item<double>(), b.item<double>(), relative * b.item<double>());
  };
  expect(found.content, expected.content);
  expect(found.style, expected.style);
  expect(found.total, expected.total);
}

class ChainedGradientTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!can_chain(kCpu, Precision::float32)) GTEST_SKIP() << "this processor runs no chains";
  }
};

TEST_F(ChainedGradientTest, AgreesWithTheReferenceInPython) {
  Networks networks(kDivisor);
  set_weights(*networks.encoder, 0);
  set_weights(*networks.decoder, 100);
  const nlohmann::json values = reference();
  const auto gradient =
      make_gradient(networks.encoder, networks.decoder, kCpu, {values["gamma"].get<double>(), 2});
  const Losses losses = gradient->add(
      {images(3, 32, 0).to(torch::kFloat32), images(3, 32, 2).to(torch::kFloat32), {}, {}});
  EXPECT_NEAR(losses.content.item<double>() / values["content"].get<double>(), 1, 1e-5);
  EXPECT_NEAR(losses.style.item<double>() / values["style"].get<double>(), 1, 1e-5);
  EXPECT_NEAR(losses.total.item<double>() / values["total"].get<double>(), 1, 1e-5);
  const auto gradients = take_gradients(networks.decoder);
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const nlohmann::json& expected = values["gradients"][i];
    const double size = expected["norm"];
    EXPECT_NEAR(gradients[i].norm().item<double>(), size, 1e-3 * size) << i;
    EXPECT_NEAR(gradients[i].sum().item<double>(), expected["sum"].get<double>(), 1e-3 * size) << i;
  }
}

struct Case {
  int divisor;
  std::int64_t side;
  std::int64_t pairs;
  std::int64_t micro_batch;
};

class ChainedGradientShapes : public testing::TestWithParam<Case> {};

/// Against float64, which hardly rounds. An activation near zero that float32 puts on the other
/// side of a ReLU makes thousandths of a small network's gradient, so the median of some batches
/// counts: a wrong formula would be wrong in each.
TEST_P(ChainedGradientShapes, AgreeWithAutomaticDifferentiation) {
  if (!can_chain(kCpu, Precision::float32)) GTEST_SKIP() << "this processor runs no chains";
  const auto [divisor, side, pairs, micro_batch] = GetParam();
  Networks networks(divisor);
  Networks wide(divisor, torch::kFloat64);
  const auto chained = make_gradient(networks.encoder, networks.decoder, kCpu, {0.7, micro_batch});
  const auto differentiated = autograd_gradient(wide.encoder, wide.decoder, {0.7, pairs});
  std::vector<std::vector<double>> distances(networks.decoder->parameters().size());
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const PairBatch batch = random_pairs(pairs, side, seed);
    expect_near(chained->add(batch), differentiated->add(in_float64(batch)), 1e-5);
    const auto found = take_gradients(networks.decoder);
    const auto expected = take_gradients(wide.decoder);
    for (std::size_t i = 0; i < found.size(); ++i) {
      distances[i].push_back(relative_distance(found[i], expected[i]));
    }
  }
  for (std::vector<double>& of_parameter : distances) {
    std::sort(of_parameter.begin(), of_parameter.end());
    EXPECT_LT(of_parameter[2], 1e-4);
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ChainedGradientShapes,
                         testing::Values(Case{16, 32, 3, 3},   // channels that do not fill a vector
                                         Case{8, 40, 2, 1},    // parts of one
                                         Case{4, 64, 5, 2},    // Winograd; parts of unequal size
                                         Case{2, 32, 2, 2},    //
                                         Case{8, 44, 2, 2},    // pooling rounds up twice
                                         Case{8, 34, 1, 1}));  // and at every layer

/// Another encoder, of another width, judges what the decoder paints.
TEST_F(ChainedGradientTest, AgreesWithAutomaticDifferentiationUnderAnotherJudge) {
  Networks networks(8);
  Networks wide(8, torch::kFloat64);
  Networks judges(4);
  Networks wide_judges(4, torch::kFloat64);
  const auto chained = make_gradient(networks.encoder, networks.decoder, kCpu,
                                     {0.7, 2, Precision::float32, 0, judges.encoder});
  const auto differentiated = autograd_gradient(
      wide.encoder, wide.decoder, {0.7, 3, Precision::float32, 0, wide_judges.encoder});
  std::vector<double> distances;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const PairBatch batch = random_pairs(3, 40, seed);
    expect_near(chained->add(batch), differentiated->add(in_float64(batch)), 1e-5);
    const auto found = take_gradients(networks.decoder);
    const auto expected = take_gradients(wide.decoder);
    distances.push_back(relative_distance(found[0], expected[0]));
  }
  std::sort(distances.begin(), distances.end());
  EXPECT_LT(distances[2], 1e-4);
}

TEST_F(ChainedGradientTest, AJudgeThatIsTheEncoderChangesNothing) {
  Networks networks(8);
  const PairBatch batch = random_pairs(3, 40);
  const auto plain = make_gradient(networks.encoder, networks.decoder, kCpu, {0.7, 2});
  const auto judged = make_gradient(networks.encoder, networks.decoder, kCpu,
                                    {0.7, 2, Precision::float32, 0, networks.encoder});
  EXPECT_TRUE(torch::equal(plain->add(batch).total, judged->add(batch).total));
}

TEST_F(ChainedGradientTest, TheSameBitsEachTime) {
  Networks networks(4);
  const PairBatch batch = random_pairs(5, 48);
  const auto run = [&] {
    const Losses losses =
        make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 2})->add(batch);
    auto gradients = take_gradients(networks.decoder);
    gradients.push_back(losses.total);
    return gradients;
  };
  const auto first = run();
  const auto second = run();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(torch::equal(first[i], second[i])) << i;
  }
}

TEST_F(ChainedGradientTest, AddsToWhatIsThere) {
  Networks networks(16);
  const PairBatch batch = random_pairs(2, 32);
  const auto gradient = make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 2});
  gradient->add(batch);
  const torch::Tensor once = networks.decoder->parameters()[0].grad().clone();
  gradient->add(batch);
  EXPECT_TRUE(torch::equal(networks.decoder->parameters()[0].grad(), once + once));
}

TEST_F(ChainedGradientTest, SeesWeightsThatChanged) {
  Networks networks(16);
  const PairBatch batch = random_pairs(2, 32);
  const auto gradient = make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 2});
  gradient->losses(batch);
  {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& parameter : networks.decoder->parameters()) parameter.mul_(0.5);
  }
  expect_near(gradient->losses(batch),
              autograd_gradient(networks.encoder, networks.decoder, {1.0, 2})->losses(batch), 1e-5);
}

/// The losses of each pair are those that it has alone, however a batch is cut.
void expect_losses_of_single_pairs(LossGradient& gradient, const PairBatch& batch) {
  const PairLosses losses = gradient.losses_by_pair(batch);
  const std::int64_t count = batch.content.size(0);
  ASSERT_EQ(losses.each.total.numel(), count);
  for (std::int64_t pair = 0; pair < count; ++pair) {
    const Losses alone =
        gradient.losses({batch.content.narrow(0, pair, 1), batch.style.narrow(0, pair, 1), {}, {}});
    expect_near({losses.each.content[pair], losses.each.style[pair], losses.each.total[pair]},
                alone, 1e-5);
  }
}

TEST(AutogradGradient, KnowsTheLossesOfEachPair) {
  Networks networks(16);
  for (const std::int64_t micro_batch : {2, 5}) {
    expect_losses_of_single_pairs(
        *autograd_gradient(networks.encoder, networks.decoder, {1.5, micro_batch}),
        random_pairs(5, 32));
  }
}

TEST_F(ChainedGradientTest, KnowsTheLossesOfEachPair) {
  Networks networks(16);
  for (const std::int64_t micro_batch : {2, 5}) {
    expect_losses_of_single_pairs(
        *make_gradient(networks.encoder, networks.decoder, kCpu, {1.5, micro_batch}),
        random_pairs(5, 32));
  }
}

TEST_F(ChainedGradientTest, WhatIsKnownOfImagesChangesNoBit) {
  for (const int divisor : {16, 4}) {
    Networks networks(divisor);
    PairBatch batch = random_pairs(5, 48);
    const auto fresh = make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 3});
    const Losses expected = fresh->add(batch);
    const auto gradients = take_gradients(networks.decoder);
    batch.content_numbers = {4, 0, 2, 9, 1};
    batch.style_numbers = {7, 7, 1, 0, 3};
    batch.style[1] = batch.style[0];
    const Losses expected_again = fresh->add({batch.content, batch.style, {}, {}});
    const auto gradients_again = take_gradients(networks.decoder);
    EXPECT_NE(expected.total.item<double>(), expected_again.total.item<double>());

    // All of it fits, some of it, nothing.
    for (const std::int64_t bytes : {1 << 24, 1 << 16, 0}) {
      const auto keeping = make_gradient(networks.encoder, networks.decoder, kCpu,
                                         {1.0, 3, Precision::float32, bytes});
      for (int pass = 0; pass < 2; ++pass) {
        const Losses found = keeping->add(batch);
        EXPECT_EQ(found.total.item<double>(), expected_again.total.item<double>());
        const auto found_gradients = take_gradients(networks.decoder);
        for (std::size_t i = 0; i < found_gradients.size(); ++i) {
          EXPECT_TRUE(torch::equal(found_gradients[i], gradients_again[i])) << i;
        }
      }
    }
  }
}

TEST_F(ChainedGradientTest, KnownImagesAreNotLookedAtAgain) {
  Networks networks(16);
  PairBatch batch = random_pairs(2, 32);
  batch.content_numbers = {0, 1};
  batch.style_numbers = {0, 1};
  const auto gradient = make_gradient(networks.encoder, networks.decoder, kCpu,
                                      {1.0, 2, Precision::float32, 1 << 24});
  const double expected = gradient->losses(batch).total.item<double>();
  batch.content.zero_();
  batch.style.zero_();
  EXPECT_EQ(gradient->losses(batch).total.item<double>(), expected);
}

TEST_F(ChainedGradientTest, ANumberThatIsNoneIsSeenInTheLoss) {
  Networks networks(16);
  const auto gradient = make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 2});
  {
    const torch::NoGradGuard no_grad;
    networks.decoder->parameters()[0].fill_(std::nan(""));
  }
  EXPECT_FALSE(std::isfinite(gradient->add(random_pairs(2, 32)).total.item<double>()));
}

TEST_F(ChainedGradientTest, Bfloat16IsWithinOnePercent) {
  if (!can_chain(kCpu, Precision::bfloat16)) GTEST_SKIP() << "this processor has no bfloat16";
  for (const int divisor : {4, 2}) {
    Networks networks(divisor);
    const PairBatch batch = random_pairs(4, 64);
    const Losses expected =
        autograd_gradient(networks.encoder, networks.decoder, {1.0, 4})->add(batch);
    const auto expected_gradients = take_gradients(networks.decoder);
    const Losses found =
        make_gradient(networks.encoder, networks.decoder, kCpu, {1.0, 4, Precision::bfloat16})
            ->add(batch);
    const auto found_gradients = take_gradients(networks.decoder);
    expect_near(found, expected, 0.01);
    for (std::size_t i = 0; i < found_gradients.size(); ++i) {
      EXPECT_LT(relative_distance(found_gradients[i], expected_gradients[i]), 0.05) << i;
    }
  }
}

TEST(BestMicroBatch, IsAllOfASmallBatchAndNeverNone) {
  const bool is_chained = can_chain(kCpu, Precision::float32);
  EXPECT_EQ(best_micro_batch(kCpu, Precision::float32, 64, 8), 8);
  EXPECT_EQ(best_micro_batch(kCpu, Precision::float32, 64, 44), is_chained ? 16 : 44);
  EXPECT_EQ(best_micro_batch(kCpu, Precision::float32, 2048, 44), is_chained ? 1 : 44);
}

}  // namespace
}  // namespace epochal::adain

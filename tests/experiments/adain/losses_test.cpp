// AdaIN's mathematics against values of an independent implementation in Python
// (scripts/reference/adain_reference.py, which is written from the paper).

#include "experiments/adain/losses.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/adain/reference_networks.h"

namespace epochal::adain {
namespace {

using nlohmann::json;

double l2_norm(const torch::Tensor& tensor) {
  return tensor.to(torch::kFloat64).norm().item<double>();
}

void expect_close(double found, double expected, double relative = 1e-10) {
  EXPECT_NEAR(found, expected, relative * std::abs(expected));
}

class ReferenceTest : public testing::Test {
 protected:
  ReferenceTest() {
    encoder_->to(torch::kFloat64);
    decoder_->to(torch::kFloat64);
    set_weights(*encoder_, 0);
    set_weights(*decoder_, 100);
    for (torch::Tensor& weights : encoder_->parameters()) weights.set_requires_grad(false);
  }

  json values_ = reference();
  Encoder encoder_{kDivisor};
  Decoder decoder_{kDivisor};
  torch::Tensor content_ = images(3, 32, 0);
  torch::Tensor style_ = images(3, 32, 2);
};

TEST_F(ReferenceTest, Activations) {
  const Features features = encoder_->forward(content_);
  for (std::size_t i = 0; i < features.size(); ++i) {
    expect_close(l2_norm(features.at(i)), values_["features"][i]["norm"]);
    expect_close(features.at(i).mean().item<double>(), values_["features"][i]["mean"]);
  }
  EXPECT_TRUE(torch::equal(features.back(), encoder_->deepest(content_)));
}

TEST_F(ReferenceTest, TargetAndOutput) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor target =
      adaptive_instance_norm(encoder_->deepest(content_), encoder_->deepest(style_));
  expect_close(l2_norm(target), values_["target_norm"]);
  const torch::Tensor output = decoder_->forward(target);
  EXPECT_EQ(output.sizes(), content_.sizes());
  expect_close(l2_norm(output), values_["output_norm"]);
}

TEST_F(ReferenceTest, Losses) {
  const Losses losses = losses_of(encoder_, decoder_, content_, style_, values_["gamma"]);
  expect_close(losses.content.item<double>(), values_["content"]);
  expect_close(losses.style.item<double>(), values_["style"]);
  expect_close(losses.total.item<double>(), values_["total"]);
}

TEST_F(ReferenceTest, LossesInTheSinglePrecisionOfTraining) {
  encoder_->to(torch::kFloat32);
  decoder_->to(torch::kFloat32);
  const Losses losses = losses_of(encoder_, decoder_, content_.to(torch::kFloat32),
                                  style_.to(torch::kFloat32), values_["gamma"]);
  expect_close(losses.content.item<double>(), values_["content"], 1e-4);
  expect_close(losses.style.item<double>(), values_["style"], 1e-4);
}

TEST_F(ReferenceTest, GradientsOfEveryWeight) {
  losses_of(encoder_, decoder_, content_, style_, values_["gamma"]).total.backward();
  const auto parameters = decoder_->parameters();
  ASSERT_EQ(parameters.size(), values_["gradients"].size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const json& expected = values_["gradients"][i];
    const torch::Tensor gradient = parameters[i].grad().to(torch::kFloat64).flatten();
    const double size = expected["norm"];
    expect_close(l2_norm(gradient), size);
    EXPECT_NEAR(gradient.sum().item<double>(), expected["sum"].get<double>(), 1e-9 * size);
    EXPECT_NEAR(gradient[0].item<double>(), expected["first"].get<double>(), 1e-10 * size);
    EXPECT_NEAR(gradient[-1].item<double>(), expected["last"].get<double>(), 1e-10 * size);
  }
  for (const torch::Tensor& weights : encoder_->parameters()) {
    EXPECT_FALSE(weights.grad().defined());  // the encoder is frozen
  }
}

TEST(AdaptiveInstanceNorm, TakesTheStatisticsOfTheStyle) {
  const torch::Tensor content = torch::randn({2, 5, 9, 7}) * 3 + 1;
  const torch::Tensor style = torch::randn({2, 5, 4, 4}) * 0.5 - 2;
  const ChannelStats made = channel_stats(adaptive_instance_norm(content, style));
  const ChannelStats wanted = channel_stats(style);
  EXPECT_TRUE(torch::allclose(made.mean, wanted.mean, 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(made.deviation, wanted.deviation, 1e-3, 1e-3));
}

TEST(ChannelStats, DividesByOneLess) {
  const ChannelStats stats = channel_stats(torch::tensor({1.0F, 3.0F}).view({1, 1, 1, 2}));
  EXPECT_EQ(stats.mean.item<float>(), 2);
  EXPECT_FLOAT_EQ(stats.deviation.item<float>(), std::sqrt(2.0F + 1e-5F));
}

TEST(Losses, EveryTermIsAMeanOverSamples) {
  auto [encoder, decoder] = Networks(kDivisor);
  const torch::NoGradGuard no_grad;
  const torch::Tensor content = images(4, 32, 0).to(torch::kFloat32);
  const torch::Tensor style = images(4, 32, 1).to(torch::kFloat32);
  const Losses whole = losses_of(encoder, decoder, content, style, 1);
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    sum += losses_of(encoder, decoder, content.slice(0, i, i + 1), style.slice(0, i, i + 1), 1)
               .total.item<double>();
  }
  expect_close(sum / 4, whole.total.item<double>(), 1e-5);
}

TEST(Networks, HaveTheLayoutOfThePublishedWeights) {
  const Encoder encoder(1);
  const auto encoder_weights = encoder->named_parameters();
  EXPECT_EQ(encoder_weights["0.weight"].sizes(), (std::vector<std::int64_t>{3, 3, 1, 1}));
  EXPECT_EQ(encoder_weights["29.weight"].sizes(), (std::vector<std::int64_t>{512, 256, 3, 3}));
  const Decoder decoder(1);
  const auto decoder_weights = decoder->named_parameters();
  EXPECT_EQ(decoder_weights["1.weight"].sizes(), (std::vector<std::int64_t>{256, 512, 3, 3}));
  EXPECT_EQ(decoder_weights["28.weight"].sizes(), (std::vector<std::int64_t>{3, 64, 3, 3}));
}

TEST(Stylize, EachContentInEachStyle) {
  auto [encoder, decoder] = Networks(8);
  const torch::Tensor contents = torch::rand({2, 3, 32, 32});
  const torch::Tensor styles = torch::rand({3, 3, 32, 32});
  const std::vector<torch::Tensor> rows = stylize_each(encoder, decoder, contents, styles);
  ASSERT_EQ(rows.size(), 2u);
  for (std::int64_t row = 0; row < 2; ++row) {
    const torch::Tensor& made = rows[static_cast<std::size_t>(row)];
    ASSERT_EQ(made.size(0), 3);
    for (std::int64_t column = 0; column < 3; ++column) {
      const torch::Tensor alone =
          stylize(encoder, decoder, contents[row].unsqueeze(0), styles[column].unsqueeze(0), 1);
      EXPECT_TRUE(torch::allclose(made[column], alone[0], 1e-4, 1e-5)) << row << ", " << column;
    }
  }
}

TEST(Stylize, AlphaZeroKeepsTheContent) {
  auto [encoder, decoder] = Networks(kDivisor);
  const torch::Tensor content = images(1, 40, 0).to(torch::kFloat32);
  const torch::Tensor style = images(1, 48, 1).to(torch::kFloat32);
  const torch::Tensor made = stylize(encoder, decoder, content, style, 0);
  EXPECT_TRUE(torch::allclose(made, decoder->forward(encoder->deepest(content)), 1e-5, 1e-6));
}

}  // namespace
}  // namespace epochal::adain

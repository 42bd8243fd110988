// The judge against the losses of the training, which are tested against an independent
// implementation.

#include "experiments/adain/judge.h"

#include <gtest/gtest.h>

#include "experiments/adain/picture_measures.h"
#include "experiments/torch/images/image_tensor.h"
#include "tests/experiments/adain/drawn_pictures.h"

namespace epochal::adain {
namespace {

constexpr int kJudgedSide = 64;
constexpr int kDivisor = 16;

Encoder network(std::uint64_t seed) {
  Encoder encoder(kDivisor);
  initialise_encoder(encoder, seed);
  return encoder;
}

class JudgeTest : public testing::Test {
 protected:
  cv::Mat content_ = test::discs(1, kJudgedSide);
  cv::Mat style_ = test::discs(2, kJudgedSide);
  cv::Mat output_ = test::discs(3, kJudgedSide);
};

TEST_F(JudgeTest, MeasuresTheLossesOfThePaperUnderItsNetwork) {
  Encoder encoder = network(5);
  Judge judge(encoder, torch::kCPU);
  const Judgement found = judge.judge(judge.exhibit(content_), judge.exhibit(style_), output_);

  const torch::NoGradGuard no_grad;
  const Features output = encoder->forward(to_tensor(output_));
  const Features style = encoder->forward(to_tensor(style_));
  const torch::Tensor target =
      adaptive_instance_norm(encoder->deepest(to_tensor(content_)), style.back());
  EXPECT_NEAR(found.content.value(), torch::mse_loss(output.back(), target).item<double>(), 1e-6);
  EXPECT_NEAR(found.style.value(), style_loss(output, style).item<double>(), 1e-6);
}

TEST_F(JudgeTest, AnotherNetworkJudgesOtherwise) {
  Judge one(network(5), torch::kCPU);
  Judge other(network(6), torch::kCPU);
  const Judgement by_one = one.judge(one.exhibit(content_), one.exhibit(style_), output_);
  const Judgement by_other = other.judge(other.exhibit(content_), other.exhibit(style_), output_);
  EXPECT_NE(by_one.content, by_other.content);
  EXPECT_EQ(by_one.edges, by_other.edges);
}

TEST_F(JudgeTest, ThePictureItselfIsTheBestThereIs) {
  Judge judge(network(5), torch::kCPU);
  const Judge::Exhibit style = judge.exhibit(style_);
  const Judgement same = judge.judge(style, style, style_);
  EXPECT_NEAR(same.content.value(), 0, 1e-9);
  EXPECT_NEAR(same.style.value(), 0, 1e-9);
  EXPECT_NEAR(same.edges, 1, 1e-6);
  EXPECT_EQ(same.colours, 0);
}

TEST_F(JudgeTest, WithoutANetworkItsLossesAreAbsent) {
  Judge judge;
  const Judgement found = judge.judge(judge.exhibit(content_), judge.exhibit(style_), output_);
  EXPECT_FALSE(found.content || found.style);
  EXPECT_EQ(found.edges, edges_kept(content_, output_));
  EXPECT_EQ(found.colours, colour_distance(colour_quantiles(style_), colour_quantiles(output_)));
}

TEST_F(JudgeTest, StripesAreThoseThatNeitherPictureHad) {
  Judge judge;
  const Judge::Exhibit content = judge.exhibit(content_);
  const Judge::Exhibit style = judge.exhibit(style_);
  const Judgement kept = judge.judge(content, style, content_);
  EXPECT_LE(kept.stripes, 1);
  EXPECT_EQ(kept.checkerboard, 0);

  cv::Mat striped = content_.clone();
  for (int x = 0; x < striped.cols; x += 4) striped.colRange(x, x + 2) += cv::Scalar::all(40);
  const Judgement found = judge.judge(content, style, striped);
  EXPECT_GT(found.stripes, kept.stripes + 0.5);
  EXPECT_GT(found.checkerboard, 0.2);
  EXPECT_LE(judge.judge(content, judge.exhibit(striped), striped).stripes, 1)
      << "stripes of the style are no fault";
}

TEST_F(JudgeTest, MeansAreOverThePairsThatHaveTheValue) {
  Judgement low;
  low.edges = 0.2;
  Judgement high;
  high.edges = 0.4;
  high.content = 3;
  const auto mean = [&](const std::string& name) {
    for (const Measure& measure : measures()) {
      if (measure.name == name) return mean_of(measure, {low, high});
    }
    throw std::runtime_error("no measure " + name);
  };
  EXPECT_NEAR(mean("edges").value(), 0.3, 1e-12);
  EXPECT_EQ(mean("content"), 3);
  EXPECT_EQ(mean("style"), std::nullopt);
}

}  // namespace
}  // namespace epochal::adain

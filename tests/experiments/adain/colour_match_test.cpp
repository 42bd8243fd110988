#include "experiments/adain/colour_match.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_tensor.h"

namespace epochal::adain {
namespace {

/// Of float images [1,3,H,W], by LibTorch.
std::pair<torch::Tensor, torch::Tensor> statistics_of(const torch::Tensor& images) {
  const torch::Tensor flat = images[0].flatten(1).to(torch::kFloat64);
  const torch::Tensor mean = std::get<1>(torch::var_mean(flat, /*dim=*/1, true)).unsqueeze(1);
  const torch::Tensor centred = flat - mean;
  return {mean.flatten(), centred.matmul(centred.t()) / static_cast<double>(flat.size(1))};
}

TEST(ColourMatch, GivesTheColoursOfTheOther) {
  const cv::Mat style = generate_image(GeneratorKind::paintings, 7, 96);
  const cv::Mat content = generate_image(GeneratorKind::scenes, 8, 96);
  const ColourMap map = colour_match(colour_statistics(style), colour_statistics(content));
  const auto [mean, covariance] = statistics_of(map(to_tensor(style)));
  const auto [wanted_mean, wanted_covariance] = statistics_of(to_tensor(content));
  EXPECT_TRUE(torch::allclose(mean, wanted_mean, 1e-4, 1e-5)) << mean << wanted_mean;
  EXPECT_TRUE(torch::allclose(covariance, wanted_covariance, 0.02, 1e-4))
      << covariance << wanted_covariance;
}

TEST(ColourMatch, LeavesColoursThatMatchAlready) {
  const ColourStatistics statistics =
      colour_statistics(generate_image(GeneratorKind::scenes, 8, 96));
  const ColourMap map = colour_match(statistics, statistics);
  EXPECT_LT(cv::norm(map.matrix - cv::Matx33d::eye()), 1e-9);
  EXPECT_LT(cv::norm(map.offset), 1e-9);
}

TEST(ColourMatch, OfAStyleWithoutColoursIsFinite) {
  const cv::Mat grey(16, 16, CV_8UC3, cv::Scalar::all(128));
  const ColourStatistics content = colour_statistics(generate_image(GeneratorKind::scenes, 8, 96));
  const ColourMap map = colour_match(colour_statistics(grey), content);
  const torch::Tensor made = map(to_tensor(grey));
  for (int channel = 0; channel < 3; ++channel) {
    EXPECT_NEAR(made[0][channel].mean().item<double>(), content.mean[channel], 1e-4);
  }
}

}  // namespace
}  // namespace epochal::adain

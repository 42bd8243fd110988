#include "experiments/adain/feature_map.h"

#include <gtest/gtest.h>

#include "experiments/adain/spatial_masks.h"
#include "experiments/torch/images/picture_file.h"
#include "tests/support/temporary_folder.h"

namespace epochal::adain {
namespace {

torch::Tensor features(int seed, int height, int width) {
  torch::manual_seed(seed);
  return torch::rand({1, 6, height, width}, torch::kFloat64) * (1 + seed) + seed;
}

cv::Rect all_of(const torch::Tensor& x) {
  return {0, 0, static_cast<int>(x.size(3)), static_cast<int>(x.size(2))};
}

class FeatureMapsTest : public testing::Test {
 protected:
  const torch::Tensor content_ = features(1, 5, 8);
  const torch::Tensor first_ = features(2, 4, 4);
  const torch::Tensor second_ = features(3, 6, 7);
  const std::vector<ChannelStats> styles_{channel_stats(first_), channel_stats(second_)};
};

TEST_F(FeatureMapsTest, BlendTheTargetsOfTheStyles) {
  const FeatureMaps maps = blended(channel_stats(content_), styles_, {0.25, 0.75});
  const torch::Tensor expected = 0.25 * adaptive_instance_norm(content_, first_) +
                                 0.75 * adaptive_instance_norm(content_, second_);
  EXPECT_TRUE(torch::allclose(apply(maps, content_, all_of(content_)), expected, 1e-10, 1e-10));
}

TEST_F(FeatureMapsTest, MixInTheContentByAlpha) {
  const FeatureMaps whole = blended(channel_stats(content_), {styles_[0]}, {1});
  const torch::Tensor target = adaptive_instance_norm(content_, first_);
  for (const double alpha : {0.0, 0.3, 1.0}) {
    EXPECT_TRUE(torch::allclose(apply(with_strength(whole, alpha), content_, all_of(content_)),
                                (1 - alpha) * content_ + alpha * target, 1e-10, 1e-10));
  }
}

TEST_F(FeatureMapsTest, GiveEachPartItsStyleByItsOwnStatistics) {
  torch::Tensor left = torch::zeros({1, 1, 5, 8}, torch::kFloat64);
  left.slice(3, 0, 3).fill_(1);
  const FeatureMaps maps = masked(content_, channel_stats(content_), styles_, {left, 1 - left});
  const torch::Tensor made = apply(maps, content_, all_of(content_));
  const auto check = [&](std::int64_t begin, std::int64_t end, const ChannelStats& style) {
    const ChannelStats found = channel_stats(made.slice(3, begin, end));
    EXPECT_TRUE(torch::allclose(found.mean, style.mean, 1e-6, 1e-6));
    // Weighted by n-1 of all features rather than of the part's.
    EXPECT_TRUE(torch::allclose(found.deviation, style.deviation, 0.05, 1e-3));
  };
  check(0, 3, styles_[0]);
  check(3, 8, styles_[1]);
  EXPECT_TRUE(
      torch::allclose(apply(maps, content_, {2, 1, 4, 3}), made.slice(2, 1, 4).slice(3, 2, 6)))
      << "a part of the picture takes its part of the mask";
}

TEST_F(FeatureMapsTest, OfAMaskOfOneColourAreThoseOfOneStyle) {
  const torch::Tensor one = torch::ones({1, 1, 5, 8}, torch::kFloat64);
  const ChannelStats stats = channel_stats(content_);
  const torch::Tensor alone = apply(blended(stats, {styles_[1]}, {1}), content_, all_of(content_));
  const torch::Tensor by_mask =
      apply(masked(content_, stats, styles_, {1 - one, one}), content_, all_of(content_));
  EXPECT_TRUE(torch::equal(by_mask, alone));
}

TEST(MaskShares, AddUpToOneAndFollowTheMasks) {
  const test::TemporaryFolder folder;
  cv::Mat left(20, 40, CV_8UC3, cv::Scalar::all(0));
  left(cv::Rect(0, 0, 20, 20)).setTo(cv::Scalar::all(255));
  write_picture(folder / "left.png", left);
  write_picture(folder / "grey.png", cv::Mat(10, 10, CV_8UC3, cv::Scalar::all(51)));
  const std::vector<torch::Tensor> shares =
      mask_shares({folder / "left.png", folder / "grey.png"}, {77, 30}, torch::kCPU);
  ASSERT_EQ(shares.size(), 3u);
  EXPECT_EQ(shares[0].sizes(), (std::vector<std::int64_t>{1, 1, 4, 10}));
  EXPECT_TRUE(torch::allclose(shares[0] + shares[1] + shares[2], torch::ones({1, 1, 4, 10})));
  EXPECT_NEAR(shares[0][0][0][2][1].item<float>(), 1, 1e-6);
  EXPECT_NEAR(shares[1][0][0][2][8].item<float>(), 0.2, 1e-6);
  EXPECT_NEAR(shares[2][0][0][2][8].item<float>(), 0.8, 1e-6);
  const float between = shares[0][0][0][2][4].item<float>();
  EXPECT_GT(between, 0.1);
  EXPECT_LT(between, 0.95);
}

}  // namespace
}  // namespace epochal::adain

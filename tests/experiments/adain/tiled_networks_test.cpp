#include "experiments/adain/tiled_networks.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_tensor.h"
#include "tests/experiments/adain/reference_networks.h"

namespace epochal::adain {
namespace {

class TiledNetworksTest : public testing::Test {
 protected:
  TiledNetworksTest() {
    initialise_encoder(encoder_, 1);
    initialise(*decoder_, 2);
  }

  TiledNetworks in_tiles_of(int features) const {
    return TiledNetworks(encoder_, decoder_, torch::kCPU, features);
  }

  /// What a style makes of a content, both painted by generators.
  static cv::Mat picture(TiledNetworks networks, const cv::Mat& content, const cv::Mat& style) {
    const torch::Tensor features = networks.encode(content);
    const ChannelStats stats = channel_stats(networks.encode(style));
    return networks.decode(features, blended(channel_stats(features), {stats}, {1}));
  }

  const cv::Mat content_ = generate_image(GeneratorKind::scenes, 3, 400)(cv::Rect(0, 0, 248, 392));
  const cv::Mat style_ = generate_image(GeneratorKind::paintings, 4, 200);
  Encoder encoder_{kDivisor};
  Decoder decoder_{kDivisor};
};

constexpr int kWhole = 1000;

TEST_F(TiledNetworksTest, EncodeTheSameInTiles) {
  const torch::Tensor whole = encoder_->deepest(to_tensor(content_));
  for (const int most : {5, 8, 16, kWhole}) {
    const torch::Tensor tiled = in_tiles_of(most).encode(content_);
    EXPECT_TRUE(torch::allclose(tiled, whole, 1e-4, 1e-5)) << most;
  }
}

TEST_F(TiledNetworksTest, PaintTheSamePictureInTiles) {
  const cv::Mat whole = picture(in_tiles_of(kWhole), content_, style_);
  for (const int most : {5, 8, 16}) {
    const cv::Mat tiled = picture(in_tiles_of(most), content_, style_);
    cv::Mat difference;
    cv::absdiff(tiled, whole, difference);
    EXPECT_LE(cv::norm(difference, cv::NORM_INF), 1) << most;
    // One value in a thousand may lie where float32's rounding decides.
    EXPECT_LT(cv::countNonZero(difference.reshape(1)), static_cast<int>(3 * whole.total() / 1000));
  }
}

TEST_F(TiledNetworksTest, PaintWhatThePaperSays) {
  const cv::Mat expected =
      to_image(stylize(encoder_, decoder_, to_tensor(content_), to_tensor(style_), 1));
  EXPECT_LE(cv::norm(picture(in_tiles_of(8), content_, style_), expected, cv::NORM_INF), 1);
}

TEST_F(TiledNetworksTest, WouldShowSeamsWithASmallerMargin) {
  // The border of a tile without its surroundings differs: so the comparisons above can fail.
  const torch::Tensor whole = encoder_->deepest(to_tensor(content_));
  const cv::Mat part = content_(cv::Rect(0, 0, 64, content_.rows));
  const torch::Tensor alone = encoder_->deepest(to_tensor(part));
  EXPECT_FALSE(torch::allclose(alone.slice(3, 4, 8), whole.slice(3, 4, 8), 1e-4, 1e-5));
  EXPECT_TRUE(torch::allclose(alone.slice(3, 0, 4), whole.slice(3, 0, 4), 1e-4, 1e-5));
}

TEST(PaddedForNetworks, ReflectsToMultiplesOfEight) {
  const cv::Mat rgb = generate_image(GeneratorKind::scenes, 3, 39)(cv::Rect(0, 0, 39, 33));
  const cv::Mat padded = padded_for_networks(rgb);
  EXPECT_EQ(padded.size(), cv::Size(40, 40));
  EXPECT_EQ(padded.at<cv::Vec3b>(5, 39), rgb.at<cv::Vec3b>(5, 37));
  EXPECT_EQ(cv::norm(padded(cv::Rect(0, 0, 39, 33)), rgb, cv::NORM_INF), 0);
  EXPECT_EQ(padded_for_networks(rgb(cv::Rect(0, 0, 8, 9))).size(), cv::Size(16, 16));
}

}  // namespace
}  // namespace epochal::adain

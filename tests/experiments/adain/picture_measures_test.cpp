// The measures on pictures whose values are known beforehand.

#include "experiments/adain/picture_measures.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "tests/experiments/adain/drawn_pictures.h"

namespace epochal::adain {
namespace {

using test::discs;
using test::made_of;
using test::noise;

constexpr int kPictureSide = 128;

cv::Mat plain(const cv::Scalar& rgb, int side = kPictureSide) {
  return cv::Mat(side, side, CV_8UC3, rgb);
}

double distance_of_colours(const cv::Mat& style, const cv::Mat& output) {
  return colour_distance(colour_quantiles(style), colour_quantiles(output));
}

/// The picture with `depth` grey levels added and taken away in turns of `half` pixels.
cv::Mat with_pattern(const cv::Mat& picture, int half, int depth, bool is_two_ways) {
  cv::Mat changed = picture.clone();
  for (int y = 0; y < changed.rows; ++y) {
    for (int x = 0; x < changed.cols; ++x) {
      const bool is_up = (x / half + (is_two_ways ? y / half : 0)) % 2 == 0;
      for (int channel = 0; channel < 3; ++channel) {
        unsigned char& value = changed.at<cv::Vec3b>(y, x)[channel];
        value = cv::saturate_cast<unsigned char>(value + (is_up ? depth : -depth));
      }
    }
  }
  return changed;
}

cv::Mat turned(const cv::Mat& picture, double degrees) {
  const cv::Point2f centre(static_cast<float>(picture.cols) / 2,
                           static_cast<float>(picture.rows) / 2);
  cv::Mat result;
  cv::warpAffine(picture, result, cv::getRotationMatrix2D(centre, degrees, 1), picture.size(),
                 cv::INTER_CUBIC, cv::BORDER_REFLECT_101);
  return result;
}

TEST(EdgesKept, IsOneForTheSamePictureAndForItsContrast) {
  const cv::Mat picture = discs(1, kPictureSide);
  EXPECT_NEAR(edges_kept(picture, picture), 1, 1e-6);
  cv::Mat pale;
  picture.convertTo(pale, -1, 0.5, 60);
  EXPECT_GT(edges_kept(picture, pale), 0.99);
  EXPECT_NEAR(edges_kept(picture, cv::Scalar::all(255) - picture), 1, 1e-3)
      << "a negative has the same edges";
}

TEST(EdgesKept, IsNothingForAnotherPictureAndForNone) {
  EXPECT_LT(std::abs(edges_kept(discs(1, kPictureSide), noise(3, kPictureSide, kPictureSide))),
            0.1);
  EXPECT_EQ(edges_kept(discs(1, kPictureSide), plain({90, 90, 90})), 0);
  EXPECT_EQ(edges_kept(plain({9, 9, 9}), plain({90, 90, 90})), 0);
}

TEST(EdgesKept, FallsAsAPictureIsLostInNoise) {
  const cv::Mat picture = discs(2, kPictureSide);
  double before = 1;
  for (const double share : {0.2, 0.5, 0.8}) {
    cv::Mat mixed;
    cv::addWeighted(picture, 1 - share, noise(4, kPictureSide, kPictureSide), share, 0, mixed);
    const double kept = edges_kept(picture, mixed);
    EXPECT_LT(kept, before - 0.05) << share;
    before = kept;
  }
}

TEST(ColourDistance, IsNothingToItselfWhereverThePixelsAre) {
  const cv::Mat picture = discs(11, kPictureSide);
  EXPECT_EQ(distance_of_colours(picture, picture), 0);
  cv::Mat mirrored;
  cv::flip(picture, mirrored, -1);
  EXPECT_EQ(distance_of_colours(picture, mirrored), 0);
  cv::Mat larger;
  cv::resize(picture, larger, {}, 2, 2, cv::INTER_NEAREST);
  EXPECT_LT(distance_of_colours(picture, larger), 0.1) << "of another size";
}

TEST(ColourDistance, OfPlainPicturesIsThatOfTheirColours) {
  EXPECT_NEAR(distance_of_colours(plain({0, 0, 0}), plain({255, 255, 255})), 100, 1);
  // sRGB (119, 119, 119) is L* = 50.03.
  EXPECT_NEAR(distance_of_colours(plain({119, 119, 119}), plain({255, 255, 255})), 49.97, 1);
  // CIE Lab of sRGB red is (53.2, 80.1, 67.2), of green (87.7, -86.2, 83.2).
  EXPECT_NEAR(distance_of_colours(plain({255, 0, 0}), plain({0, 255, 0})), 170.6, 3);
}

TEST(ColourDistance, SeesASpreadThatIsMissing) {
  const cv::Mat bright_and_dark = made_of([](int, int x) { return x < kPictureSide / 2 ? 0 : 255; },
                                          kPictureSide, kPictureSide);
  EXPECT_GT(distance_of_colours(bright_and_dark, plain({128, 128, 128})), 40)
      << "the mean is the same";
  EXPECT_EQ(distance_of_colours(discs(11, kPictureSide), discs(12, kPictureSide)),
            distance_of_colours(discs(12, kPictureSide), discs(11, kPictureSide)));
}

TEST(Stripes, AreNoneWithoutADirection) {
  EXPECT_NEAR(stripes(noise(1, 256, 256)), 1, 0.05);
  EXPECT_NEAR(stripes(noise(2, 128, 192)), 1, 0.08) << "and of another shape";
  EXPECT_EQ(stripes(plain({70, 80, 90})), 1);
}

TEST(Stripes, AreSeenAlongTheAxesOnly) {
  for (const int half : {1, 2, 4, 8}) {
    const cv::Mat upright = with_pattern(plain({128, 128, 128}), half, 60, false);
    cv::Mat level;
    cv::rotate(upright, level, cv::ROTATE_90_CLOCKWISE);
    EXPECT_GT(stripes(upright), 6) << half;
    EXPECT_NEAR(stripes(level), stripes(upright), 0.02 * stripes(upright)) << half;
  }
  const cv::Mat slanting = turned(with_pattern(plain({128, 128, 128}, 256), 4, 60, false), 30);
  EXPECT_LT(stripes(slanting), 1);
}

TEST(Stripes, AreSeenOverAPicture) {
  const cv::Mat picture = discs(13, 2 * kPictureSide);
  const double without = stripes(picture);
  EXPECT_GT(stripes(with_pattern(picture, 2, 12, false)), without + 0.5);
  EXPECT_LT(stripes(picture), 2);
}

TEST(Checkerboard, IsNoneInPicturesAndNoise) {
  EXPECT_LT(checkerboard(noise(1, 256, 256)), 0.02);
  EXPECT_LT(checkerboard(discs(1, 256)), 0.05);
  EXPECT_LT(checkerboard(discs(11, 256)), 0.05);
  EXPECT_EQ(checkerboard(plain({70, 80, 90})), 0);
}

TEST(Checkerboard, IsAllOfAPatternOfTwoFourOrEightPixels) {
  for (const int half : {1, 2, 4}) {
    EXPECT_GT(checkerboard(with_pattern(plain({128, 128, 128}), half, 60, true)), 0.9) << half;
    EXPECT_GT(checkerboard(with_pattern(plain({128, 128, 128}), half, 60, false)), 0.9) << half;
  }
  const cv::Mat of_five = made_of([](int y, int x) { return (x / 5 + y / 5) % 2 * 100; }, 160, 160);
  EXPECT_LT(checkerboard(of_five), 0.05) << "a period of ten is the picture's own";
}

TEST(Checkerboard, GrowsWithItsDepthOverAPicture) {
  double before = checkerboard(discs(4, 256));
  for (const int depth : {1, 2, 4}) {
    const double found = checkerboard(with_pattern(discs(4, 256), 1, depth, true));
    EXPECT_GT(found, before) << depth;
    before = found;
  }
}

}  // namespace
}  // namespace epochal::adain

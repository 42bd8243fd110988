#include "experiments/torch/cached_images.h"

#include <gtest/gtest.h>

#include <atomic>
#include <opencv2/core.hpp>

namespace epochal {
namespace {

TEST(CachedImages, LoadEachImageOnceWhileTheBudgetLasts) {
  class Source : public ImageSource {
   public:
    std::int64_t size() const override { return 10; }
    cv::Mat load(std::int64_t index, int side) const override {
      ++loads;
      return cv::Mat(side, side, CV_8UC3, cv::Scalar::all(static_cast<double>(index)));
    }
    std::string fingerprint() const override { return {}; }
    const std::string& name() const override { return name_; }
    mutable std::atomic<int> loads{0};

   private:
    std::string name_ = "source";
  };
  const Source source;
  CachedImages images(source, {7, 3}, 10, 10 * 10 * 3);  // room for one
  EXPECT_EQ(images.at(0).at<cv::Vec3b>(0, 0)[0], 7);
  EXPECT_EQ(images.at(0).at<cv::Vec3b>(0, 0)[0], 7);
  EXPECT_EQ(source.loads, 1);
  EXPECT_EQ(images.at(1).at<cv::Vec3b>(0, 0)[0], 3);
  EXPECT_EQ(images.at(1).at<cv::Vec3b>(0, 0)[0], 3);
  EXPECT_EQ(source.loads, 3);
}

TEST(Crop, IsInsideAndDependsOnItsKey) {
  cv::Mat image(20, 30, CV_8UC3, cv::Scalar::all(0));
  for (std::uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(random_crop(image, 20, {i}).size(), cv::Size(20, 20));
  }
  cv::Point one;
  cv::Point two;
  cv::Size whole;
  random_crop(image, 8, {1, 2}).locateROI(whole, one);
  random_crop(image, 8, {1, 2}).locateROI(whole, two);
  EXPECT_EQ(one, two);
  random_crop(image, 8, {1, 3}).locateROI(whole, two);
  EXPECT_NE(one, two);
  centre_crop(image, 10).locateROI(whole, one);
  EXPECT_EQ(one, cv::Point(10, 5));
}

}  // namespace
}  // namespace epochal

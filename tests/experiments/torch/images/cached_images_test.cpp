#include "experiments/torch/images/cached_images.h"

#include <gtest/gtest.h>

#include <atomic>
#include <opencv2/core.hpp>

#include "experiments/torch/images/left_out_images.h"
#include "framework/base/error.h"
#include "tests/support/expect_error.h"

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

/// Ten images, of which every third is damaged.
class DamagedSource : public ImageSource {
 public:
  std::int64_t size() const override { return 10; }
  cv::Mat load(std::int64_t index, int side) const override {
    if (index % 3 == 0) throw Error("does not decode", std::to_string(index) + ".jpg");
    return cv::Mat(side, side, CV_8UC3, cv::Scalar::all(1));
  }
  std::string fingerprint() const override { return {}; }
  const std::string& name() const override { return name_; }

 private:
  std::string name_ = "damaged";
};

TEST(CachedImages, LeaveOutWhatCannotBeRead) {
  const DamagedSource source;
  CachedImages images(source, {3, 4, 6}, 8, 1 << 20);
  EXPECT_TRUE(images.at(0).empty());
  EXPECT_TRUE(images.at(0).empty());
  EXPECT_FALSE(images.at(1).empty());
  EXPECT_TRUE(random_crop(images.at(2), 4, {1}).empty());
  const auto failures = images.failures();
  ASSERT_EQ(failures.size(), 2U);
  EXPECT_EQ(failures.at(2), "6.jpg: does not decode");
}

TEST(LeftOutImages, AreNamedAndCountedUpToAShare) {
  const DamagedSource source;
  CachedImages images(source, {1, 2, 3, 4, 6}, 8, 1 << 20);
  std::vector<std::string> log;
  std::vector<std::string> events;
  RunContext context;
  context.log = [&](std::string_view line) { log.emplace_back(line); };
  context.event = [&](std::string_view kind, std::string_view text) {
    events.push_back(std::string(kind) + ": " + std::string(text));
  };
  LeftOutImages left_out({&images}, 0.3);
  left_out.check(context);
  left_out.record(context);
  EXPECT_TRUE(log.empty());
  EXPECT_TRUE(events.empty());

  images.at(2);
  left_out.check(context);
  left_out.check(context);
  left_out.record(context);
  left_out.record(context);
  EXPECT_EQ(log, std::vector<std::string>{"left out: 3.jpg: does not decode"});
  EXPECT_EQ(events, std::vector<std::string>{
                        "left out: 1 images that cannot be read: 3.jpg: does not decode"});

  images.at(4);
  test::expect_error("2 of 5 images cannot be read, more than most_unreadable = 0.3 allows: 3.jpg",
                     [&] { left_out.check(context); });
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

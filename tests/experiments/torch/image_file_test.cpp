#include "experiments/torch/image_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "experiments/torch/generated_images.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

double mean_difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

TEST(ImageFile, ReadsRgbAndShapes) {
  const test::TemporaryFolder folder;
  cv::Mat bgr(30, 60, CV_8UC3, cv::Scalar(10, 20, 200));  // red, in OpenCV's order
  cv::imwrite((folder / "red.png").string(), bgr);
  const cv::Mat rgb = read_image(folder / "red.png");
  EXPECT_EQ(rgb.at<cv::Vec3b>(0, 0), cv::Vec3b(200, 20, 10));
  EXPECT_EQ(resize_shorter_side(rgb, 15).size(), cv::Size(30, 15));
  EXPECT_EQ(resize_shorter_side(rgb, 60).size(), cv::Size(120, 60));

  cv::imwrite((folder / "grey.png").string(), cv::Mat(8, 8, CV_8UC1, cv::Scalar(77)));
  EXPECT_EQ(read_image(folder / "grey.png").at<cv::Vec3b>(3, 3), cv::Vec3b(77, 77, 77));
  cv::imwrite((folder / "alpha.png").string(), cv::Mat(8, 8, CV_8UC4, cv::Scalar(1, 2, 3, 0)));
  EXPECT_EQ(read_image(folder / "alpha.png").channels(), 3);
}

TEST(ImageFile, PngReadsBack) {
  const test::TemporaryFolder folder;
  const cv::Mat image = generate_image(GeneratorKind::paintings, 3, 40);
  const std::vector<std::byte> png = encode_png(image);
  test::write_file(folder / "x.png", {reinterpret_cast<const char*>(png.data()), png.size()});
  EXPECT_EQ(mean_difference(read_image(folder / "x.png"), image), 0);
}

TEST(ImageFile, ReadsTheOddPicturesOfTheSharedFolder) {
  const std::filesystem::path odd = EPOCHAL_SOURCE_FOLDER "/../shared/data/odd";
  if (!std::filesystem::is_directory(odd)) GTEST_SKIP() << "the shared pictures are not here";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(odd)) {
    EXPECT_EQ(read_image(entry.path()).channels(), 3) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 3);
}

/// Pictures that Pillow wrote, and what Pillow reads from them.
TEST(ImageFile, ReadsWhatAnIndependentReaderReads) {
  const test::TemporaryFolder folder;
  const std::filesystem::path images = folder / "images";
  const std::string script = EPOCHAL_SOURCE_FOLDER "/tests/experiments/torch/make_images.py";
  const std::string command = "/usr/bin/python3 " + script + " " + images.string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(images)) {
    if (!entry.is_regular_file()) continue;
    const cv::Mat found = read_image(entry.path());
    const cv::Mat expected =
        read_image(images / "expected" / (entry.path().filename().string() + ".png"));
    ASSERT_EQ(found.size(), expected.size()) << entry.path();
    // Decoders may round differently, and CMYK is turned to RGB by a rule of thumb.
    EXPECT_LT(mean_difference(found, expected), 1.5) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 14);
}

TEST(ImageFile, ReadsALargeJpegAtAPartOfItsSize) {
  const test::TemporaryFolder folder;
  cv::Mat bgr = generate_image(GeneratorKind::scenes, 3, 512);
  cv::imwrite((folder / "x.jpg").string(), bgr);
  for (const int side : {300, 256, 100, 50}) {
    const cv::Mat scaled = read_image_scaled(folder / "x.jpg", side);
    EXPECT_EQ(scaled.size(), cv::Size(side, side));
    const cv::Mat whole = resize_shorter_side(read_image(folder / "x.jpg"), side);
    EXPECT_LT(mean_difference(scaled, whole), 2.5) << side;
  }
}

TEST(ImageFile, RefusesWhatClaimsToBeTooLargeBeforeDecodingIt) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "bomb.png").string(), cv::Mat(8, 8, CV_8UC3, cv::Scalar(1, 2, 3)));
  std::string bytes = test::read_file(folder / "bomb.png");
  bytes.replace(16, 8, std::string("\0\1\0\0\0\1\0\0", 8));  // 65536 x 65536
  test::write_file(folder / "bomb.png", bytes);
  expect_error("bomb.png: the image claims to have 65536 x 65536 pixels, more than 100 million",
               [&] { read_image(folder / "bomb.png"); });
}

TEST(ImageFile, RefusesWhatIsCutShortOrNoImage) {
  const test::TemporaryFolder folder;
  cv::imwrite((folder / "x.png").string(), cv::Mat(60, 60, CV_8UC3, cv::Scalar(1, 2, 3)));
  const std::string bytes = test::read_file(folder / "x.png");
  test::write_file(folder / "cut.png", bytes.substr(0, 30));
  expect_error("cut.png: the image does not decode", [&] { read_image(folder / "cut.png"); });
  test::write_file(folder / "text.jpg", "no image at all");
  expect_error("text.jpg: the image does not decode: it is no JPEG",
               [&] { read_image(folder / "text.jpg"); });
  expect_error("No such file", [&] { read_image(folder / "none.jpg"); });
}

}  // namespace
}  // namespace epochal

#include "experiments/torch/images/image_header.h"

#include <gtest/gtest.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

namespace epochal {
namespace {

std::optional<ImageHeader> header_of(const std::string& bytes) {
  return read_image_header(std::as_bytes(std::span(bytes)));
}

std::string encoded_pixels(const std::string& extension, std::vector<int> options = {}) {
  std::vector<unsigned char> bytes;
  cv::imencode(extension, cv::Mat(30, 70, CV_8UC3, cv::Scalar(1, 2, 3)), bytes, options);
  return {bytes.begin(), bytes.end()};
}

TEST(ImageHeader, ReadsFormatAndSize) {
  struct Case {
    ImageFormat format;
    std::string bytes;
  };
  const std::vector<Case> cases{
      {ImageFormat::jpeg, encoded_pixels(".jpg")},
      {ImageFormat::jpeg, encoded_pixels(".jpg", {cv::IMWRITE_JPEG_PROGRESSIVE, 1})},
      {ImageFormat::png, encoded_pixels(".png")},
      {ImageFormat::webp, encoded_pixels(".webp", {cv::IMWRITE_WEBP_QUALITY, 80})},
      {ImageFormat::webp, encoded_pixels(".webp", {cv::IMWRITE_WEBP_QUALITY, 101})},  // lossless
      {ImageFormat::bmp, encoded_pixels(".bmp")},
      {ImageFormat::tiff, encoded_pixels(".tif")}};
  for (const Case& one : cases) {
    const auto header = header_of(one.bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->format, one.format);
    EXPECT_EQ(header->width, 70U);
    EXPECT_EQ(header->height, 30U);
  }
}

TEST(ImageHeader, ReadsWhatOpenCvDoesNotWrite) {
  // A big-endian TIFF with ImageWidth as a LONG and ImageLength as a SHORT.
  const std::string tiff("MM\0*\0\0\0\x08\0\2\1\0\0\4\0\0\0\1\0\0\0\x46\1\1\0\3\0\0\0\1\0\x1e\0\0",
                         34);
  ASSERT_TRUE(header_of(tiff));
  EXPECT_EQ(header_of(tiff)->width, 70U);
  EXPECT_EQ(header_of(tiff)->height, 30U);

  // An extended WebP: width and height less one, in three bytes each.
  const std::string webp("RIFF\x64\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x45\0\0\x1d\0\0", 30);
  ASSERT_TRUE(header_of(webp));
  EXPECT_EQ(header_of(webp)->width, 70U);
  EXPECT_EQ(header_of(webp)->height, 30U);
}

TEST(ImageHeader, IsAbsentWhereThereIsNone) {
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a"), std::string("\xff\xd8\xff", 3), std::string("BM"),
        std::string("II*\0\xff\xff\xff\xff", 8)}) {
    EXPECT_FALSE(header_of(bytes));
  }
  // Cut anywhere, a file gives its true size or none.
  const std::string whole = encoded_pixels(".jpg");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto header = header_of(whole.substr(0, length));
    if (!header) continue;
    EXPECT_EQ(header->width, 70U);
  }
}

}  // namespace
}  // namespace epochal

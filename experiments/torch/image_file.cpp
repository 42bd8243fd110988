// Image files through OpenCV, in RGB.

#include "experiments/torch/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;

cv::Mat read_image(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) throw Error("the image cannot be read: " + error.message(), file, "check the path");
  if (size == 0) throw Error("the image is an empty file", file, "replace or remove it");

  cv::Mat bgr;
  try {
    bgr = cv::imread(file.string(), cv::IMREAD_COLOR);
  } catch (const cv::Exception&) {
    bgr.release();  // a size that OpenCV refuses: said below like any other that does not decode
  }
  if (bgr.empty()) throw Error("the image does not decode", file, "replace or remove it");
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

std::vector<std::byte> encode_png(const cv::Mat& rgb) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> encoded;
  cv::imencode(".png", bgr, encoded, {cv::IMWRITE_PNG_COMPRESSION, 6});
  std::vector<std::byte> bytes(encoded.size());
  std::memcpy(bytes.data(), encoded.data(), encoded.size());
  return bytes;
}

cv::Mat resize_shorter_side(const cv::Mat& rgb, int side) {
  const int shorter = std::min(rgb.rows, rgb.cols);
  if (shorter == side) return rgb;
  const double scale = static_cast<double>(side) / shorter;
  const cv::Size size(std::max(side, static_cast<int>(std::lround(rgb.cols * scale))),
                      std::max(side, static_cast<int>(std::lround(rgb.rows * scale))));
  cv::Mat resized;
  cv::resize(rgb, resized, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return resized;
}

}  // namespace epochal

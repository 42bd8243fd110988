// Image files through OpenCV, in RGB.

#include "experiments/torch/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>

#include "experiments/torch/image_header.h"
#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;

namespace {

std::vector<unsigned char> read_bytes(const fs::path& file) {
  constexpr std::uintmax_t kLargest = 1 << 30;
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) throw Error("the image cannot be read: " + error.message(), file, "check the path");
  if (size == 0) throw Error("the image is an empty file", file, "replace or remove it");
  if (size > kLargest) throw Error("the image file is larger than 1 GiB", file, "scale it down");
  std::vector<unsigned char> bytes(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) throw Error("the image cannot be read", file, "check the file and its disk");
  return bytes;
}

/// OpenCV's flag for the smallest of its JPEG sizes whose shorter side is at least `side`.
int reduced_flag(const ImageHeader& header, int side) {
  if (header.format != ImageFormat::jpeg) return cv::IMREAD_COLOR;
  const std::uint64_t times = std::min(header.width, header.height) / static_cast<unsigned>(side);
  if (times >= 8) return cv::IMREAD_REDUCED_COLOR_8;
  if (times >= 4) return cv::IMREAD_REDUCED_COLOR_4;
  if (times >= 2) return cv::IMREAD_REDUCED_COLOR_2;
  return cv::IMREAD_COLOR;
}

/// `flag` chooses OpenCV's flags when the header is known.
template <typename Flag>
cv::Mat decode(const fs::path& file, const Flag& flag) {
  const std::vector<unsigned char> bytes = read_bytes(file);
  const std::optional<ImageHeader> header = read_image_header(std::as_bytes(std::span(bytes)));
  if (!header) {
    throw Error("the image does not decode: it is no JPEG, PNG, WebP, BMP or TIFF, or is damaged",
                file, "replace or remove it");
  }
  if (header->width > kMostPixels / header->height) {
    throw Error(fmt::format("the image claims to have {} x {} pixels, more than {} million",
                            header->width, header->height, kMostPixels / 1'000'000),
                file, "scale it down or remove it");
  }
  cv::Mat bgr;
  try {
    bgr = cv::imdecode(bytes, flag(*header));
  } catch (const cv::Exception&) {
    bgr.release();  // said below like any other that does not decode
  }
  if (bgr.empty()) throw Error("the image does not decode", file, "replace or remove it");
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return rgb;
}

}  // namespace

cv::Mat read_image(const fs::path& file) {
  return decode(file, [](const ImageHeader&) { return cv::IMREAD_COLOR; });
}

cv::Mat read_image_scaled(const fs::path& file, int side) {
  const auto flag = [&](const ImageHeader& header) { return reduced_flag(header, side); };
  return resize_shorter_side(decode(file, flag), side);
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

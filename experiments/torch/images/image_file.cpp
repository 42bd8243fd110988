// From image files to upright RGB pictures, and what they may take.

#include "experiments/torch/images/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>

#include "experiments/torch/images/exif_orientation.h"
#include "experiments/torch/images/image_decoding.h"
#include "experiments/torch/images/image_header.h"
#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;

namespace {

std::vector<std::byte> read_bytes(const fs::path& file) {
  constexpr std::uintmax_t kLargest = 1 << 30;
  std::error_code error;
  const std::uintmax_t size = fs::file_size(file, error);
  if (error) throw Error("the image cannot be read: " + error.message(), file, "check the path");
  if (size == 0) throw Error("the image is an empty file", file, "replace or remove it");
  if (size > kLargest) throw Error("the image file is larger than 1 GiB", file, "scale it down");
  std::vector<std::byte> bytes(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) throw Error("the image cannot be read", file, "check the file and its disk");
  return bytes;
}

/// The most that a JPEG may be reduced by while it is decoded, its shorter side staying at least
/// `side`.
int reduction_for(const ImageHeader& header, int side) {
  const std::uint64_t times = std::min(header.width, header.height) / static_cast<unsigned>(side);
  if (times >= 8) return 8;
  if (times >= 4) return 4;
  return times >= 2 ? 2 : 1;
}

/// Refuses what would take too much, before anything is decoded.
void check_extents(const ImageHeader& header, const fs::path& file) {
  if (header.width > kMostPixels / header.height) {
    throw Error(fmt::format("the image claims to have {} x {} pixels, more than {} million",
                            header.width, header.height, kMostPixels / 1'000'000),
                file, "scale it down or remove it");
  }
  const auto [shorter, longer] = std::minmax(header.width, header.height);
  if (longer > kMostElongated * shorter) {
    throw Error(
        fmt::format("the image has {} x {} pixels: one side is more than {} times the other",
                    header.width, header.height, kMostElongated),
        file, "crop it or remove it");
  }
}

/// RGBA to RGB. `is_premultiplied`: whether colours are multiplied by alpha already.
cv::Mat over_white(const cv::Mat& rgba, bool is_premultiplied) {
  constexpr int kOpaque = 255;
  cv::Mat rgb(rgba.size(), CV_8UC3);
  for (int y = 0; y < rgba.rows; ++y) {
    const auto* in = rgba.ptr<cv::Vec4b>(y);
    auto* out = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgba.cols; ++x) {
      const int alpha = in[x][3];
      for (int c = 0; c < 3; ++c) {
        const int share = is_premultiplied ? in[x][c] : (in[x][c] * alpha + kOpaque / 2) / kOpaque;
        out[x][c] = cv::saturate_cast<unsigned char>(share + kOpaque - alpha);
      }
    }
  }
  return rgb;
}

cv::Mat decode_stored(std::span<const std::byte> bytes, const ImageHeader& header, int reduction) {
  switch (header.format) {
    case ImageFormat::jpeg:
      return decode_jpeg(bytes, header, reduction);
    case ImageFormat::png:
      return decode_png(bytes, header);
    case ImageFormat::webp:
      return decode_webp(bytes, header);
    case ImageFormat::bmp:
      return decode_bmp(bytes, header);
    case ImageFormat::tiff:
      break;
  }
  return decode_tiff(bytes, header);
}

/// The picture as it is to be seen; no pixel changes its value.
cv::Mat turned_upright(const cv::Mat& stored, ImageOrientation orientation) {
  using enum ImageOrientation;
  cv::Mat turned = stored;
  if (orientation >= left_top) cv::transpose(stored, turned);  // rows are stored as columns
  const bool is_mirrored = orientation == top_right || orientation == bottom_right ||
                           orientation == right_top || orientation == right_bottom;
  const bool is_upside_down = orientation == bottom_right || orientation == bottom_left ||
                              orientation == right_bottom || orientation == left_bottom;
  if (!is_mirrored && !is_upside_down) return turned;
  constexpr int kUpDown = 0;
  constexpr int kAcross = 1;
  constexpr int kBoth = -1;
  cv::Mat upright;
  cv::flip(turned, upright, !is_upside_down ? kAcross : is_mirrored ? kBoth : kUpDown);
  return upright;
}

/// `side`: the shorter side that the image will be scaled to; 0 keeps its size.
cv::Mat decode(const fs::path& file, int side) {
  const std::vector<std::byte> bytes = read_bytes(file);
  const std::optional<ImageHeader> header = read_image_header(bytes);
  if (!header) {
    throw Error(
        "the image cannot be decoded: it is not a JPEG, PNG, WebP, BMP or TIFF, or is damaged",
        file, "replace or remove it");
  }
  check_extents(*header, file);
  if (header->is_animated) {
    throw Error("this is an animated WebP, which cannot be read", file,
                "save one of its frames as a picture");
  }
  cv::Mat stored;
  try {
    stored = decode_stored(bytes, *header, side > 0 ? reduction_for(*header, side) : 1);
  } catch (const UndecodableImage& error) {
    throw Error(std::string("the image cannot be decoded: ") + error.what(), file,
                "replace or remove it");
  }
  if (stored.channels() == 4) stored = over_white(stored, header->format == ImageFormat::tiff);
  return turned_upright(stored, read_image_orientation(bytes, header->format));
}

/// The centre of an image that is too elongated to be scaled as a whole to a shorter side of
/// `side`: crops are squares, and the rest would only take memory.
cv::Mat without_ends(const cv::Mat& image, int side) {
  const double most_by_pixels = static_cast<double>(kMostPixels) / side / side;
  const double most = std::min(static_cast<double>(kMostElongatedScaled), most_by_pixels);
  const auto longest = static_cast<int>(most * std::min(image.rows, image.cols));
  const cv::Size kept(std::min(image.cols, longest), std::min(image.rows, longest));
  const cv::Point corner((image.cols - kept.width) / 2, (image.rows - kept.height) / 2);
  return image(cv::Rect(corner, kept));
}

}  // namespace

cv::Mat read_image(const fs::path& file) {
  return decode(file, 0);
}

cv::Mat read_image_scaled(const fs::path& file, int side) {
  return resize_shorter_side(without_ends(decode(file, side), side), side);
}

std::vector<std::byte> encode_image(const cv::Mat& rgb, const std::string& ending,
                                    const std::vector<int>& options) {
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  std::vector<unsigned char> file;
  if (!cv::imencode(ending, bgr, file, options)) return {};
  const auto bytes = std::as_bytes(std::span(file));
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> encode_png(const cv::Mat& rgb) {
  return encode_image(rgb, ".png", {cv::IMWRITE_PNG_COMPRESSION, 6});
}

std::vector<std::byte> encode_jpeg(const cv::Mat& rgb) {
  return encode_image(rgb, ".jpg", {cv::IMWRITE_JPEG_QUALITY, 88});
}

cv::Mat resize_shorter_side(const cv::Mat& rgb, int side) {
  const int shorter = std::min(rgb.rows, rgb.cols);
  if (shorter == side) return rgb;
  const double scale = static_cast<double>(side) / shorter;
  const cv::Size size(std::max(side, static_cast<int>(std::lround(rgb.cols * scale))),
                      std::max(side, static_cast<int>(std::lround(rgb.rows * scale))));
  if (static_cast<std::uint64_t>(size.width) * static_cast<unsigned>(size.height) > kMostPixels) {
    throw Error(fmt::format("an image of {} x {} pixels would become {} x {}, more than {} million",
                            rgb.cols, rgb.rows, size.width, size.height, kMostPixels / 1'000'000),
                {}, "crop it, or choose a smaller size");
  }
  cv::Mat resized;
  cv::resize(rgb, resized, size, 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return resized;
}

}  // namespace epochal

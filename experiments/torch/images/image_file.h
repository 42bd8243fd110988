#pragma once

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace epochal {

/// What is larger is refused before it is decoded: a file of a few kilobytes may claim any size.
constexpr std::uint64_t kMostPixels = 100'000'000;

/// A longer side of more than this many shorter ones is refused likewise: scaled to a useful
/// shorter side, such an image would take all memory.
constexpr std::uint64_t kMostElongated = 64;

/// Images that are scaled keep at most this many shorter sides of their longer one.
constexpr std::uint64_t kMostElongatedScaled = 8;

/// Reads a JPEG, PNG, WebP, BMP or TIFF file, whatever its name, as 8-bit RGB [H,W,3]: grey becomes
/// grey RGB, transparent pixels are laid over white, 16 bits become 8, the orientation in EXIF or
/// TIFF is applied. Throws Error, naming the file, if it is missing, empty, none of these, too
/// large, too elongated, or if any of its picture is damaged or missing; only a JPEG's end marker
/// may be missing.
cv::Mat read_image(const std::filesystem::path& file);

/// As read_image(), with a shorter side of `side` pixels; of a very elongated image the centre (see
/// kMostElongatedScaled). A JPEG that is at least twice as large is decoded at a half, a quarter or
/// an eighth of its size first, which takes a part of the time.
cv::Mat read_image_scaled(const std::filesystem::path& file, int side);

/// 8-bit RGB in the format of a name's ending, such as ".png", with options of cv::imencode().
/// Empty if that fails; may throw cv::Exception.
std::vector<std::byte> encode_image(const cv::Mat& rgb, const std::string& ending,
                                    const std::vector<int>& options);

/// 8-bit RGB as PNG bytes; the same image gives the same bytes.
std::vector<std::byte> encode_png(const cv::Mat& rgb);

/// 8-bit RGB as the bytes of a JPEG that is a fifth of a PNG's size and looks the same at a glance.
std::vector<std::byte> encode_jpeg(const cv::Mat& rgb);

/// The image with its shorter side of `side` pixels and its shape kept (area averaging down,
/// cubic up). Throws Error if that has more than kMostPixels.
cv::Mat resize_shorter_side(const cv::Mat& rgb, int side);

}  // namespace epochal

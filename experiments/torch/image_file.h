#pragma once

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <filesystem>
#include <vector>

namespace epochal {

/// Reads an image as 8-bit RGB [H,W,3]: grey becomes grey RGB, alpha is dropped, EXIF rotation is
/// applied. Throws Error, naming the file, if it is missing, empty or does not decode.
cv::Mat read_image(const std::filesystem::path& file);

/// 8-bit RGB as PNG bytes; the same image gives the same bytes.
std::vector<std::byte> encode_png(const cv::Mat& rgb);

/// The image with its shorter side of `side` pixels and its shape kept (area averaging down,
/// cubic up).
cv::Mat resize_shorter_side(const cv::Mat& rgb, int side);

}  // namespace epochal

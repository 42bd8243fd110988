#pragma once

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>

namespace epochal {

/// An image file whose picture cannot be had; what() says why, as the end of "the image does not
/// decode: …".
class UndecodableImage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What each decoder throws for data that ends too early.
UndecodableImage cut_short();

/// All decoders take a whole file, throw UndecodableImage if any of the picture is missing or
/// damaged, ignore its orientation, and give 8-bit RGB [H,W,3] or, where there may be transparent
/// pixels, RGBA [H,W,4] with colours that are not multiplied by alpha, unless said.

/// JPEG at a `reduction` of 1, 2, 4 or 8 of its size. Only a missing end marker is forgiven.
cv::Mat decode_jpeg(std::span<const std::byte> bytes, int reduction);

/// PNG; 16 bits are cut to 8.
cv::Mat decode_png(std::span<const std::byte> bytes);

/// The first picture of a TIFF, always as RGBA whose colours are multiplied by alpha; 16 bits are
/// rounded to 8.
cv::Mat decode_tiff(std::span<const std::byte> bytes);

/// WebP, of which an animation is refused.
cv::Mat decode_webp(std::span<const std::byte> bytes);

/// BMP, always as RGB.
cv::Mat decode_bmp(std::span<const std::byte> bytes);

}  // namespace epochal

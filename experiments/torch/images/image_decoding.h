#pragma once

#include <opencv2/core/mat.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "experiments/torch/images/image_header.h"

namespace epochal {

/// An image file whose picture cannot be had; what() says why, as the end of "the image does not
/// decode: …".
class UndecodableImage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What each decoder throws for data that ends too early.
UndecodableImage cut_short();

/// Throws UndecodableImage unless a decoder found the size that the header claims: only the claim
/// was checked against the limits, and a file can be made that two readers read differently.
void check_same_size(const ImageHeader& header, std::uint64_t width, std::uint64_t height);

/// All decoders take a whole file and what its header claims. They throw UndecodableImage if any of
/// the picture is missing or damaged, or has another size, and std::bad_alloc or cv::Exception if
/// there is not enough memory. They ignore the orientation, and give 8-bit RGB [H,W,3] or, where
/// there may be transparent pixels, RGBA [H,W,4] with colours that are not multiplied by alpha,
/// unless said.

/// JPEG at a `reduction` of 1, 2, 4 or 8 of its size. Only a missing end marker is forgiven.
cv::Mat decode_jpeg(std::span<const std::byte> bytes, const ImageHeader& header, int reduction);

/// PNG; 16 bits are rounded to 8.
cv::Mat decode_png(std::span<const std::byte> bytes, const ImageHeader& header);

/// The first picture of a TIFF, always as RGBA whose colours are multiplied by alpha; 16 bits are
/// rounded to 8.
cv::Mat decode_tiff(std::span<const std::byte> bytes, const ImageHeader& header);

/// WebP, of which an animation is refused.
cv::Mat decode_webp(std::span<const std::byte> bytes, const ImageHeader& header);

/// BMP, always as RGB.
cv::Mat decode_bmp(std::span<const std::byte> bytes, const ImageHeader& header);

}  // namespace epochal

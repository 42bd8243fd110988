#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace epochal {

enum class ImageFormat { jpeg, png, webp, bmp, tiff };

/// What an image file claims to be, before anything is decoded.
struct ImageHeader {
  ImageFormat format = ImageFormat::jpeg;
  std::uint64_t width = 0;  ///< pixels, before any EXIF rotation
  std::uint64_t height = 0;
  bool is_animated = false;  ///< WebP that holds several pictures
};

/// Reads the header of an image file, of which `bytes` is the whole; names and extensions do not
/// matter. Empty if it is none of these formats, or is cut short or damaged before its size.
std::optional<ImageHeader> read_image_header(std::span<const std::byte> bytes);

}  // namespace epochal

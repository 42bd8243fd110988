#pragma once

#include <cstddef>
#include <span>

#include "experiments/torch/images/image_header.h"

namespace epochal {

/// How a stored picture is to be turned, as EXIF and TIFF number it: the place of its first row
/// and first column. 1 is upright, 6 is to be turned clockwise.
enum class ImageOrientation {
  top_left = 1,
  top_right,
  bottom_right,
  bottom_left,
  left_top,
  right_top,
  right_bottom,
  left_bottom
};

/// The orientation that the whole file `bytes` asks for: from a JPEG's APP1, a PNG's eXIf, a
/// WebP's EXIF chunk or a TIFF's first directory. Upright where nothing sound is said.
ImageOrientation read_image_orientation(std::span<const std::byte> bytes, ImageFormat format);

}  // namespace epochal

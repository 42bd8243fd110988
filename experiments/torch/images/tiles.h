#pragma once

#include <opencv2/core/types.hpp>
#include <vector>

namespace epochal {

/// A part of a picture: what is wanted of it, and that with a margin, which ends where the picture
/// ends.
struct Tile {
  cv::Rect core;
  cv::Rect around;
};

/// Cuts a picture into tiles whose cores cover it once, row by row, none with a side above `most`;
/// they are about as large as each other. `margin` is added on each side.
std::vector<Tile> tiles_of(cv::Size picture, int most, int margin);

}  // namespace epochal

#pragma once

#include <cstdint>
#include <initializer_list>
#include <opencv2/core/mat.hpp>

namespace epochal::encoder {

/// A square of `side` pixels out of an 8-bit RGB picture whose shorter side is at least `side`, as
/// a pure function of `key`: a part of any size between `side` and the shorter side, anywhere,
/// scaled down; mirrored in half of the cases; its colours' brightness and each channel's share in
/// it a little changed. An empty picture stays empty.
cv::Mat augmented_crop(const cv::Mat& picture, int side, std::initializer_list<std::uint64_t> key);

}  // namespace epochal::encoder

// Turning and mirroring pictures; no pixel changes its value.

#include "experiments/torch/images/image_orientation.h"

#include <opencv2/core.hpp>

namespace epochal {
namespace {

/// Whether rows are stored as columns.
bool is_lying(ImageOrientation orientation) {
  return orientation >= ImageOrientation::left_top;
}

bool is_mirrored(ImageOrientation orientation) {
  using enum ImageOrientation;
  return orientation == top_right || orientation == bottom_right || orientation == right_top ||
         orientation == right_bottom;
}

bool is_upside_down(ImageOrientation orientation) {
  using enum ImageOrientation;
  return orientation == bottom_right || orientation == bottom_left || orientation == right_bottom ||
         orientation == left_bottom;
}

}  // namespace

cv::Mat turned_upright(const cv::Mat& stored, ImageOrientation orientation) {
  cv::Mat turned = stored;
  if (is_lying(orientation)) cv::transpose(stored, turned);
  if (is_mirrored(orientation)) {
    constexpr int kAcross = 1;
    cv::Mat mirrored;
    cv::flip(turned, mirrored, kAcross);
    turned = mirrored;
  }
  if (is_upside_down(orientation)) {
    constexpr int kUpDown = 0;
    cv::Mat flipped;
    cv::flip(turned, flipped, kUpDown);
    turned = flipped;
  }
  return turned;
}

}  // namespace epochal

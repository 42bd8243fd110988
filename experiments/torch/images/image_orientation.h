#pragma once

#include <opencv2/core/mat.hpp>

#include "experiments/torch/images/exif_orientation.h"

namespace epochal {

/// The picture as it is to be seen.
cv::Mat turned_upright(const cv::Mat& stored, ImageOrientation orientation);

}  // namespace epochal

#pragma once

#include <opencv2/core/mat.hpp>
#include <opencv2/core/matx.hpp>

#include "experiments/torch/torch_headers.h"

namespace epochal::adain {

/// Mean and covariance of the colours of an image, RGB in [0,1].
struct ColourStatistics {
  cv::Vec3d mean;
  cv::Matx33d covariance;
};
ColourStatistics colour_statistics(const cv::Mat& rgb);

/// What is done to each colour: matrix * colour + offset.
struct ColourMap {
  cv::Matx33d matrix = cv::Matx33d::eye();
  cv::Vec3d offset;

  /// Images [N,3,H,W], not clamped.
  torch::Tensor operator()(const torch::Tensor& images) const;
};

/// Gives colours of these statistics the mean and covariance of others: CORAL (Sun, Feng & Saenko,
/// arXiv:1511.05547) on colours of unit deviation, as the released code of AdaIN keeps the
/// content's colours (Huang & Belongie, section 7.3). What varies less than rounding to 8 bits
/// counts as that.
ColourMap colour_match(const ColourStatistics& from, const ColourStatistics& to);

}  // namespace epochal::adain

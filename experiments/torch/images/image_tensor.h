#pragma once

#include <opencv2/core/mat.hpp>

#include "experiments/torch/torch_headers.h"

namespace epochal {

/// 8-bit RGB [H,W,3] -> float [1,3,H,W] in [0,1].
torch::Tensor to_tensor(const cv::Mat& rgb);

/// Writes 8-bit RGB [H,W,3] into `target`, a contiguous float [3,H,W] on the CPU, in [0,1].
void copy_to_tensor(const cv::Mat& rgb, const torch::Tensor& target);

/// Float [3,H,W] or [1,3,H,W], clamped to [0,1] -> 8-bit RGB [H,W,3].
cv::Mat to_image(const torch::Tensor& rgb);

/// The same. Throws Error if a value is NaN or infinite: a picture would hide it.
cv::Mat to_finite_image(const torch::Tensor& rgb);

}  // namespace epochal

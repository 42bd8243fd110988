#pragma once

#include <opencv2/core/types.hpp>

#include <filesystem>
#include <vector>

#include "experiments/torch/torch_headers.h"

namespace epochal::adain {

/// How much each style counts where, from mask images stretched over a picture of `size` pixels:
/// the first style where the first mask is white, the second where the next mask is white of what
/// that leaves, …, the last where all are black; grey is in between. One more than masks, each
/// [1,1,h,w] like the picture's features at relu4_1; they add up to 1. Throws Error for images that
/// cannot be read.
std::vector<torch::Tensor> mask_shares(const std::vector<std::filesystem::path>& masks,
                                       cv::Size size, torch::Device device);

}  // namespace epochal::adain

#pragma once

#include <vector>

#include "experiments/torch/vgg_encoder.h"

namespace epochal {

/// What a convolution behind the encoder's 1x1 one makes of images.
struct LayerOutput {
  torch::Tensor rectified;  ///< behind its ReLU
  torch::Tensor handed_on;  ///< what the next convolution gets: pooled, where pooling follows
};

/// Of all of them, in order, for images [N,3,H,W].
std::vector<LayerOutput> layer_outputs(const Encoder& encoder, const torch::Tensor& images);

}  // namespace epochal

#pragma once

#include <cstddef>
#include <functional>

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal::encoder {

/// What a convolution behind the encoder's 1x1 one makes of images.
struct LayerOutput {
  torch::Tensor rectified;  ///< behind its ReLU
  torch::Tensor handed_on;  ///< what the next convolution gets: pooled, where pooling follows
};

/// Calls visit(number, output) for each of them in order, for images [N,3,H,W]. No more than one
/// layer is held: `visit` may change the convolution that it is called for.
void for_each_layer(const Encoder& encoder, const torch::Tensor& images,
                    const std::function<void(std::size_t, const LayerOutput&)>& visit);

}  // namespace epochal::encoder

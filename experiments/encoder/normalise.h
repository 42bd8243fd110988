#pragma once

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal::encoder {

/// Rescales every filter so that its mean activation over `images` [N,3,H,W] is 1 behind its ReLU,
/// and the next layer's inputs by the inverse: the network keeps what it computes but for the scale
/// of its features. As in Gatys et al. 2016 (section 2.1), whose VGG vgg_normalised descends from.
/// Filters that fire less than their layer does on average are scaled as the layer is, and stay
/// quieter.
void normalise_activations(Encoder& encoder, const torch::Tensor& images);

/// Images for that which need no files, as what an encoder will look at: `count` generated scenes
/// and as many paintings. [2*count,3,S,S].
torch::Tensor typical_images(int count, int side);

}  // namespace epochal::encoder

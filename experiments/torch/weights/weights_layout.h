#pragma once

#include <string>

#include "experiments/torch/weights/safetensors.h"

namespace epochal {

/// Weights under the names of our own networks ("0.weight", "2.weight" …).
struct NamedWeights {
  int width_divisor = 1;
  NamedTensors tensors;
};

/// Finds an encoder among the tensors of a file, by names and shapes: the layout of vgg_normalised
/// (a Sequential that begins with the 1x1 convolution, with or without layers behind relu4_1), or
/// torchvision's `features.N` (whose normalisation is folded into the 1x1 convolution, so that RGB
/// in [0,1] goes in); each behind any module prefix. Throws Error that lists what is missing or of
/// another shape, or the prefixes if several networks fit and differ. `file` is how errors call it.
NamedWeights find_encoder(const NamedTensors& tensors, const std::string& file);

/// The same for a decoder: a Sequential that ends in three channels.
NamedWeights find_decoder(const NamedTensors& tensors, const std::string& file);

}  // namespace epochal

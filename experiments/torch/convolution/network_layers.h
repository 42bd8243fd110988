#pragma once

#include <vector>

#include "experiments/torch/convolution/convolution_chain.h"
#include "experiments/torch/torch_headers.h"

namespace epochal {

/// A network as a ConvolutionChain takes it.
struct NetworkLayers {
  std::vector<ConvolutionLayer> layers;
  /// The 3x3 convolution of each layer, whose parameters the layer points to.
  std::vector<torch::nn::Conv2dImpl*> convolutions;
  /// Weights that are not the network's own: a 1x1 convolution is multiplied into the 3x3 one that
  /// follows, which reflection padding between them does not disturb.
  std::vector<torch::Tensor> folded;
  /// Where the output of the network's child number i comes from: the layer whose output it is.
  std::vector<std::size_t> layer_of_child;
};

/// Reads a sequence of reflection padding, convolutions, ReLU, 2x2 pooling and nearest upsampling.
/// The network's parameters are float32 on the CPU and outlive the result; if a folded convolution
/// changes, the layers must be read again.
NetworkLayers layers_of(const torch::nn::Module& network);

}  // namespace epochal

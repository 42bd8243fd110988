// An encoder, layer by layer.

#include "experiments/encoder/layer_outputs.h"

#include "experiments/torch/reflection_padding.h"

namespace epochal {

std::vector<LayerOutput> layer_outputs(const Encoder& encoder, const torch::Tensor& images) {
  std::vector<LayerOutput> outputs;
  torch::Tensor current = images;
  for (const auto& layer : encoder->children()) {
    if (auto* convolution = layer->as<torch::nn::Conv2d>()) {
      current = convolution->forward(current);
    } else if (auto* padding = layer->as<ReflectionPadding>()) {
      current = padding->forward(current);
    } else if (auto* pooling = layer->as<torch::nn::MaxPool2d>()) {
      current = pooling->forward(current);
      outputs.back().handed_on = current;
    } else {
      current = torch::relu(current);
      outputs.push_back({current, current});
    }
  }
  return outputs;
}

}  // namespace epochal

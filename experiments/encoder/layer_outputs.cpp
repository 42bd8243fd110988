// An encoder, layer by layer.

#include "experiments/encoder/layer_outputs.h"

#include "experiments/torch/convolution/reflection_padding.h"

namespace epochal::encoder {

void for_each_layer(const Encoder& encoder, const torch::Tensor& images,
                    const std::function<void(std::size_t, const LayerOutput&)>& visit) {
  std::size_t number = 0;
  LayerOutput output;
  // Whether pooling follows shows in the layer behind.
  const auto hand_over = [&] {
    if (!output.rectified.defined()) return;
    visit(number++, output);
    output.rectified.reset();
  };
  output.handed_on = images;
  for (const auto& layer : encoder->children()) {
    torch::Tensor& current = output.handed_on;
    if (auto* pooling = layer->as<torch::nn::MaxPool2d>()) {
      current = pooling->forward(current);
      continue;
    }
    hand_over();
    if (auto* convolution = layer->as<torch::nn::Conv2d>()) {
      current = convolution->forward(current);
    } else if (auto* padding = layer->as<ReflectionPadding>()) {
      current = padding->forward(current);
    } else {
      current = torch::relu(current);
      output.rectified = current;
    }
  }
  hand_over();
}

}  // namespace epochal::encoder

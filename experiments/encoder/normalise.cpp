// Mean activation 1 per filter.

#include "experiments/encoder/normalise.h"

#include <string>
#include <vector>

#include "experiments/torch/reflection_padding.h"

namespace epochal {
namespace {

/// Activations behind every ReLU of the encoder, in order.
std::vector<torch::Tensor> all_activations(Encoder& encoder, const torch::Tensor& images) {
  std::vector<torch::Tensor> activations;
  torch::Tensor current = images;
  for (const auto& layer : encoder->children()) {
    if (auto* convolution = layer->as<torch::nn::Conv2d>()) {
      current = convolution->forward(current);
    } else if (auto* padding = layer->as<ReflectionPadding>()) {
      current = padding->forward(current);
    } else if (auto* pooling = layer->as<torch::nn::MaxPool2d>()) {
      current = pooling->forward(current);
    } else {
      current = torch::relu(current);
      activations.push_back(current);
    }
  }
  return activations;
}

}  // namespace

void normalise_activations(Encoder& encoder, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::nn::Conv2dImpl*> convolutions = convolutions_of(encoder);
  const std::vector<torch::Tensor> activations = all_activations(encoder, images);

  // The first convolution is the 1x1 one, which has no ReLU.
  torch::Tensor input_scale;
  for (std::size_t i = 0; i < activations.size(); ++i) {
    torch::nn::Conv2dImpl& convolution = *convolutions.at(i + 1);
    if (input_scale.defined()) convolution.weight.mul_(input_scale.view({1, -1, 1, 1}));
    const torch::Tensor mean = activations[i].mean({0, 2, 3});
    // A filter that seldom fires would be blown up until it ruled the losses alone.
    const double layer_mean = mean.mean().item<double>();
    const torch::Tensor scale = mean.clamp_min(layer_mean > 0 ? layer_mean : 1.0);
    convolution.weight.div_(scale.view({-1, 1, 1, 1}));
    convolution.bias.div_(scale);
    input_scale = scale;
  }
}

}  // namespace epochal

// VGG-19 up to relu4_1, layer by layer.

#include "experiments/torch/weights/vgg_encoder.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

#include "experiments/torch/convolution/reflection_padding.h"

namespace epochal {
namespace nn = torch::nn;
namespace {

void add_pooling(nn::Sequential& layers) {
  // Rounding up keeps the last row of odd sizes, as the published network does.
  layers->push_back(nn::MaxPool2d(nn::MaxPool2dOptions(2).stride(2).ceil_mode(true)));
}

}  // namespace

void add_convolution(nn::Sequential& layers, int in, int out, Activation activation) {
  layers->push_back(ReflectionPadding());
  layers->push_back(nn::Conv2d(nn::Conv2dOptions(in, out, 3)));
  if (activation == Activation::relu) layers->push_back(nn::ReLU());
}

EncoderImpl::EncoderImpl(int width_divisor) : width_divisor_(width_divisor) {
  const auto width = [&](int channels) { return channels / width_divisor; };
  layers_->push_back(nn::Conv2d(nn::Conv2dOptions(3, 3, 1)));
  add_convolution(layers_, 3, width(64), Activation::relu);  // relu1_1
  add_convolution(layers_, width(64), width(64), Activation::relu);
  add_pooling(layers_);
  add_convolution(layers_, width(64), width(128), Activation::relu);  // relu2_1
  add_convolution(layers_, width(128), width(128), Activation::relu);
  add_pooling(layers_);
  add_convolution(layers_, width(128), width(256), Activation::relu);  // relu3_1
  for (int i = 0; i < 3; ++i) add_convolution(layers_, width(256), width(256), Activation::relu);
  add_pooling(layers_);
  add_convolution(layers_, width(256), width(512), Activation::relu);  // relu4_1
  for (const auto& layer : layers_->named_children()) {
    register_module(layer.key(), layer.value());
  }
}

Features EncoderImpl::forward(const torch::Tensor& images) {
  Features features;
  torch::Tensor activation = images;
  std::size_t index = 0;
  std::size_t found = 0;
  for (auto& layer : *layers_) {
    activation = layer.any_forward(activation).get<torch::Tensor>();
    if (found < features.size() && index == kFeatureLayers.at(found)) {
      features.at(found++) = activation;
    }
    ++index;
  }
  return features;
}

torch::Tensor EncoderImpl::deepest(const torch::Tensor& images) {
  return layers_->forward(images);
}

std::vector<nn::Conv2dImpl*> convolutions_of(const Encoder& encoder) {
  std::vector<nn::Conv2dImpl*> convolutions;
  for (const auto& layer : encoder->children()) {
    if (auto* convolution = layer->as<nn::Conv2d>()) convolutions.push_back(convolution);
  }
  return convolutions;
}

void initialise(torch::nn::Module& network, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  at::Generator generator = at::detail::createCPUGenerator(seed);
  for (auto& parameter : network.named_parameters()) {
    torch::Tensor& values = parameter.value();
    if (values.dim() == 1) {
      values.zero_();
      continue;
    }
    const auto fan_in = static_cast<double>(values[0].numel());
    values.copy_(at::randn(values.sizes(), generator) * std::sqrt(2.0 / fan_in));
  }
}

void initialise_encoder(Encoder& encoder, std::uint64_t seed) {
  initialise(*encoder, seed);
  const torch::NoGradGuard no_grad;
  auto parameters = encoder->named_parameters();
  parameters["0.weight"].copy_(2 * torch::eye(3).view({3, 3, 1, 1}));
  parameters["0.bias"].fill_(-1);
}

}  // namespace epochal

// The network that trains an encoder, and the folding of its normalisation.

#include "experiments/encoder/supervised_encoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/torch/reflection_padding.h"

namespace epochal::encoder {
namespace nn = torch::nn;
namespace {

/// Channels of the quarters of a place, or of the place itself at full resolution.
int colour_channels(std::size_t level) {
  return level == 0 ? 3 : 12;
}

}  // namespace

SupervisedEncoderImpl::SupervisedEncoderImpl(int width_divisor, const std::vector<int>& classes)
    : encoder_(register_module("encoder", Encoder(width_divisor))) {
  const std::vector<nn::Conv2dImpl*> convolutions = convolutions_of(encoder_);
  for (std::size_t i = 1; i < convolutions.size(); ++i) {
    const auto channels = convolutions[i]->options.out_channels();
    norms_.push_back(register_module(
        fmt::format("norm{}", i), nn::BatchNorm2d(nn::BatchNorm2dOptions(channels).affine(false))));
  }
  constexpr std::array<int, 4> kWidths{64, 128, 256, 512};
  for (std::size_t level = 0; level < kWidths.size(); ++level) {
    read_outs_.push_back(
        register_module(fmt::format("colours{}", level + 1),
                        nn::Conv2d(nn::Conv2dOptions(kWidths.at(level) / width_divisor,
                                                     colour_channels(level), 1))));
  }
  const int features = 2 * kWidths.back() / width_divisor;
  for (std::size_t task = 0; task < classes.size(); ++task) {
    heads_.push_back(
        register_module(fmt::format("head{}", task + 1), nn::Linear(features, classes[task])));
  }
}

Answers SupervisedEncoderImpl::forward(const torch::Tensor& images) {
  // relu1_1, relu2_1, relu3_1 and relu4_1 are behind these 3x3 convolutions.
  constexpr std::array<std::size_t, 4> kFeatureNorms{0, 2, 4, 8};
  Answers answers;
  std::vector<torch::Tensor> excess;
  torch::Tensor current = images;
  std::size_t norm = 0;
  bool is_colour_shift = true;  // the first convolution, 1x1, has neither norm nor ReLU
  for (const auto& layer : encoder_->children()) {
    if (auto* convolution = layer->as<nn::Conv2d>()) {
      current = convolution->forward(current);
      if (!is_colour_shift) {
        // The ReLU comes here, behind the norm; the encoder's own is passed over.
        current = norms_.at(norm)->forward(current);
        constexpr double kFar = 3;
        excess.push_back(torch::relu(current - kFar).square().mean());
        current = torch::relu(current);
        const auto level = std::find(kFeatureNorms.begin(), kFeatureNorms.end(), norm);
        if (level != kFeatureNorms.end()) {
          const auto index = static_cast<std::size_t>(level - kFeatureNorms.begin());
          answers.colours.at(index) = read_outs_.at(index)->forward(current);
        }
        ++norm;
      }
      is_colour_shift = false;
    } else if (auto* padding = layer->as<ReflectionPadding>()) {
      current = padding->forward(current);
    } else if (auto* pooling = layer->as<nn::MaxPool2d>()) {
      current = pooling->forward(current);
    }
  }
  answers.excess = torch::stack(excess).sum();
  const torch::Tensor deep = current.flatten(2);
  const torch::Tensor features = torch::cat({deep.mean(2), deep.var(2).add(1e-5).sqrt()}, 1);
  for (auto& head : heads_) answers.logits.push_back(head->forward(features));
  return answers;
}

Encoder SupervisedEncoderImpl::folded() const {
  const torch::NoGradGuard no_grad;
  Encoder folded(encoder_->width_divisor());
  const std::vector<nn::Conv2dImpl*> from = convolutions_of(encoder_);
  const std::vector<nn::Conv2dImpl*> to = convolutions_of(folded);
  for (std::size_t i = 0; i < from.size(); ++i) {
    torch::Tensor weight = from[i]->weight.clone();
    torch::Tensor bias = from[i]->bias.clone();
    if (i > 0) {
      const nn::BatchNorm2d& norm = norms_.at(i - 1);
      const torch::Tensor deviation = torch::sqrt(norm->running_var + norm->options.eps());
      weight = weight / deviation.view({-1, 1, 1, 1});
      bias = (bias - norm->running_mean) / deviation;
    }
    to[i]->weight.copy_(weight);
    to[i]->bias.copy_(bias);
  }
  return folded;
}

void SupervisedEncoderImpl::initialise_all(std::uint64_t seed) {
  initialise(*this, seed);
  initialise_encoder(encoder_, seed);
  // The colour shift stays as it is; what a bias adds, the normalisation would take away again.
  for (auto& parameter : encoder_->named_parameters()) {
    const bool is_fixed = parameter.key().starts_with("0.") || parameter.key().ends_with(".bias");
    if (is_fixed) parameter.value().set_requires_grad(false);
  }
}

std::array<torch::Tensor, 4> colour_targets(const torch::Tensor& images) {
  std::array<torch::Tensor, 4> targets;
  targets[0] = images;
  torch::Tensor smaller = images;
  for (std::size_t level = 1; level < targets.size(); ++level) {
    targets.at(level) = torch::pixel_unshuffle(smaller, 2);
    smaller = torch::avg_pool2d(smaller, 2);
  }
  return targets;
}

}  // namespace epochal::encoder

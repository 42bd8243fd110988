// The weights that a decoder's training starts from. fan_in is the number of inputs of one output:
// 9 times the input channels of a 3x3 convolution.

#include "experiments/adain/decoder_initialisation.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <stdexcept>
#include <string>

namespace epochal::adain {
namespace {

/// Pictures are in [0,1]; a decoder that starts at the middle has the colours' whole range to go.
constexpr double kGrey = 0.5;

double fan_in_of(const torch::nn::Conv2dImpl& convolution) {
  return static_cast<double>(convolution.weight[0].numel());
}

/// PyTorch's Kaiming-uniform with a = sqrt(5) has the bound sqrt(6 / ((1 + a^2) fan_in)), which is
/// 1 / sqrt(fan_in).
void initialise_as_pytorch(torch::nn::Conv2dImpl& convolution, at::Generator& generator) {
  const double bound = 1 / std::sqrt(fan_in_of(convolution));
  for (torch::Tensor* values : {&convolution.weight, &convolution.bias}) {
    values->uniform_(-bound, bound, generator);
  }
}

void initialise_normal(torch::nn::Conv2dImpl& convolution, double variance,
                       at::Generator& generator) {
  torch::Tensor& weight = convolution.weight;
  weight.copy_(at::randn(weight.sizes(), generator) * std::sqrt(variance));
  convolution.bias.zero_();
}

}  // namespace

Initialisation initialisation_of(std::string_view name) {
  if (name == "scaled") return Initialisation::scaled;
  if (name == "pytorch") return Initialisation::pytorch;
  if (name == "he") return Initialisation::he;
  throw std::logic_error("no initialisation is called " + std::string(name));
}

void initialise_decoder(Decoder& decoder, Initialisation kind, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  at::Generator generator = at::detail::createCPUGenerator(seed);
  torch::nn::Conv2dImpl* last = nullptr;
  for (const auto& layer : decoder->children()) {
    auto* convolution = layer->as<torch::nn::Conv2d>();
    if (convolution == nullptr) continue;
    last = convolution;
    if (kind == Initialisation::pytorch) {
      initialise_as_pytorch(*convolution, generator);
      continue;
    }
    const double gain = kind == Initialisation::he ? 2 : 1;
    initialise_normal(*convolution, gain / fan_in_of(*convolution), generator);
  }
  if (kind == Initialisation::scaled) last->bias.fill_(kGrey);
}

}  // namespace epochal::adain

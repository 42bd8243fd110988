#pragma once

// Networks of no training; and the networks and images of scripts/reference/adain_reference.py, and
// what it found of them.

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiments/adain/losses.h"
#include "experiments/torch/torch_headers.h"

namespace epochal::adain {

constexpr int kDivisor = 16;

/// A pair as it begins to train.
struct Networks {
  explicit Networks(int divisor, torch::Dtype type = torch::kFloat32)
      : encoder(divisor), decoder(divisor) {
    initialise_encoder(encoder, 1);
    for (torch::Tensor& weight : encoder->parameters()) weight.set_requires_grad(false);
    initialise(*decoder, 2);
    encoder->to(type);
    decoder->to(type);
  }

  Encoder encoder;
  Decoder decoder;
};

inline nlohmann::json reference() {
  std::ifstream in(EPOCHAL_SOURCE_FOLDER "/tests/experiments/adain/reference_values.json");
  return nlohmann::json::parse(in);
}

inline torch::Tensor wave(std::int64_t count, double phase) {
  const torch::Tensor i = torch::arange(count, torch::kFloat64);
  return std::sqrt(2.0) * torch::sin(1.7 * i + 0.013 * i * i + phase);
}

/// The reference's weights: swept sine waves, the phase going up by one a tensor.
inline void set_weights(torch::nn::Module& network, double phase) {
  const torch::NoGradGuard no_grad;
  for (auto& parameter : network.named_parameters()) {
    torch::Tensor& values = parameter.value();
    const bool is_bias = values.dim() == 1;
    const double scale = is_bias ? 0.1 : std::sqrt(2.0 / static_cast<double>(values[0].numel()));
    values.copy_((scale * wave(values.numel(), phase)).view(values.sizes()));
    phase += 1;
  }
}

inline torch::Tensor images(std::int64_t count, std::int64_t side, double phase) {
  const auto axes =
      torch::meshgrid({torch::arange(count, torch::kFloat64), torch::arange(3, torch::kFloat64),
                       torch::arange(side, torch::kFloat64), torch::arange(side, torch::kFloat64)},
                      "ij");
  return (0.5 + 0.5 * torch::sin(0.11 * axes[3] * (1 + axes[0]) + 0.17 * axes[2] + 1.1 * axes[1] +
                                 phase));
}

}  // namespace epochal::adain

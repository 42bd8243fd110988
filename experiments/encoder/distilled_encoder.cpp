// The narrow network and its maps onto the teacher's features.

#include "experiments/encoder/distilled_encoder.h"

#include <fmt/format.h>

#include "experiments/encoder/pruned_start.h"
#include "experiments/torch/training/training_state.h"

namespace epochal::encoder {
namespace {

/// Channels of the feature levels at full width.
constexpr std::array<int, 4> kChannels{64, 128, 256, 512};

/// A level of which a batch shows nothing at all: pictures of one colour.
constexpr double kSmallestVariance = 1e-8;

}  // namespace

DistilledEncoderImpl::DistilledEncoderImpl(int width_divisor, int teacher_divisor)
    : encoder_(register_module("encoder", Encoder(width_divisor))) {
  for (std::size_t level = 0; level < kChannels.size(); ++level) {
    const torch::nn::Conv2dOptions options(kChannels.at(level) / width_divisor,
                                           kChannels.at(level) / teacher_divisor, 1);
    maps_.push_back(register_module(fmt::format("map{}", level + 1), torch::nn::Conv2d(options)));
  }
}

Features DistilledEncoderImpl::forward(const torch::Tensor& images) {
  const Features seen = encoder_->forward(images);
  Features guesses;
  for (std::size_t level = 0; level < seen.size(); ++level) {
    guesses.at(level) = maps_.at(level)->forward(seen.at(level));
  }
  return guesses;
}

void DistilledEncoderImpl::begin_from(Encoder& teacher, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const PrunedEncoder pruned = prune(teacher, encoder_->width_divisor(), images);
  copy_weights(weights_of(*pruned.encoder), *encoder_);
  for (std::size_t level = 0; level < maps_.size(); ++level) {
    torch::nn::Conv2d& map = maps_.at(level);
    const ChannelSubset& subset = pruned.levels.at(level);
    map->weight.copy_(subset.of_kept.unsqueeze(-1).unsqueeze(-1));
    map->bias.copy_(subset.rest);
  }
}

torch::Tensor DistillationError::loss() const {
  torch::Tensor sum;
  for (std::size_t level = 0; level < squared.size(); ++level) {
    const torch::Tensor share = squared.at(level) / variance.at(level).clamp_min(kSmallestVariance);
    sum = sum.defined() ? sum + share : share;
  }
  return sum;
}

DistillationError distillation_error(const Features& guesses, const Features& teacher) {
  DistillationError error;
  for (std::size_t level = 0; level < guesses.size(); ++level) {
    const torch::Tensor wanted = teacher.at(level).to(torch::kFloat32);
    error.squared.at(level) = torch::mse_loss(guesses.at(level).to(torch::kFloat32), wanted);
    error.variance.at(level) = wanted.var({0, 2, 3}, /*unbiased=*/true).mean();
  }
  return error;
}

}  // namespace epochal::encoder

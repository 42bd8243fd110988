#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal::encoder {

/// How the activations of a wide layer follow from those of a few of its channels, by least
/// squares: x = of_kept * x[kept] + rest.
struct ChannelSubset {
  std::vector<std::int64_t> kept;  ///< channels
  torch::Tensor of_kept;           ///< float64 [C,kept]; a kept channel follows from itself alone
  torch::Tensor rest;              ///< float64 [C]
};

/// The `count` channels of `samples` [n,C] from which the others follow best, one after the other:
/// each is the one that those before it explain least (a pivoted Cholesky decomposition of the
/// covariance).
ChannelSubset choose_channels(const torch::Tensor& samples, std::int64_t count);

/// A narrower encoder that computes what it can of `teacher`: in every layer the channels from
/// which the others follow best over `images` [N,3,H,W], and weights that take up what the others
/// would have given (as channels are pruned in He, Zhang & Sun 2017, arXiv:1707.06168,
/// section 3.1).
struct PrunedEncoder {
  Encoder encoder{nullptr};
  std::array<ChannelSubset, 4> levels;  ///< from its features to the teacher's
};

/// Throws Error if `width_divisor` is not a multiple of the teacher's.
void check_can_be_pruned(const Encoder& teacher, int width_divisor);

/// Throws Error as check_can_be_pruned() does.
PrunedEncoder prune(Encoder& teacher, int width_divisor, const torch::Tensor& images);

}  // namespace epochal::encoder

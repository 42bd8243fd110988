#pragma once

#include <array>
#include <vector>

#include "experiments/torch/vgg_encoder.h"

namespace epochal::encoder {

/// What the network says of a batch of N images.
struct Answers {
  std::vector<torch::Tensor> logits;     ///< [N,classes] of each task, from relu4_1
  std::array<torch::Tensor, 4> colours;  ///< read off each feature level, see colour_targets()
  torch::Tensor excess;  ///< scalar: mean square of what lies beyond 3 deviations, over all layers
};

/// An encoder while it is trained. Two things are asked of it: what a pattern shows (answered from
/// mean and deviation of every map of relu4_1), and which colours are where (read off every level
/// by one linear map a place), so that it learns to see without forgetting what it saw.
///
/// Batch normalisation without an affine part (Ioffe & Szegedy 2015) stands before every ReLU: each
/// filter fires for about half of what it sees, and none grows beyond the others. What still lies
/// far out is measured, to be held down. Style losses add up over filters, and would otherwise be
/// ruled by a few that seldom fire.
class SupervisedEncoderImpl : public torch::nn::Module {
 public:
  /// `width_divisor` as Encoder's; `classes` has the number of answers of each task.
  SupervisedEncoderImpl(int width_divisor, const std::vector<int>& classes);

  /// Images [N,3,S,S] in [0,1], S a multiple of 8.
  Answers forward(const torch::Tensor& images);

  /// The encoder alone, with the normalisation folded into its weights.
  Encoder folded() const;

  /// Weights from `seed` alone.
  void initialise_all(std::uint64_t seed);

 private:
  Encoder encoder_{nullptr};
  std::vector<torch::nn::BatchNorm2d> norms_;  ///< one behind each 3x3 convolution
  std::vector<torch::nn::Linear> heads_;
  std::vector<torch::nn::Conv2d> read_outs_;  ///< one a feature level
};
TORCH_MODULE(SupervisedEncoder);

/// What Answers::colours shall be for these images: at relu1_1 the image itself, [N,3,S,S]; further
/// down the means of four quarters of each place's patch, [N,12,S/2,S/2] … [N,12,S/8,S/8].
std::array<torch::Tensor, 4> colour_targets(const torch::Tensor& images);

}  // namespace epochal::encoder

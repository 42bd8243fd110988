#pragma once

#include <array>
#include <vector>

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal::encoder {

/// A narrow encoder while it is trained to see what a wider one sees: behind each of its four
/// feature levels a 1x1 map leads to the teacher's, and is trained with it (the linear embedding
/// loss of Wang et al. 2020, arXiv:2003.08436, section 3.2). What the maps cannot explain, the
/// narrow one has not seen.
class DistilledEncoderImpl : public torch::nn::Module {
 public:
  /// Channels of VGG-19 divided by `width_divisor`, and by `teacher_divisor` for the teacher.
  DistilledEncoderImpl(int width_divisor, int teacher_divisor);

  /// Images [N,3,S,S] in [0,1], S a multiple of 8 -> guesses of the teacher's features, in their
  /// shapes.
  Features forward(const torch::Tensor& images);

  const Encoder& encoder() const { return encoder_; }

  /// Begins with what of `teacher` needs no training, as seen over `images` [N,3,H,W]; see prune().
  void begin_from(Encoder& teacher, const torch::Tensor& images);

 private:
  Encoder encoder_{nullptr};
  std::vector<torch::nn::Conv2d> maps_;  ///< one a feature level
};
TORCH_MODULE(DistilledEncoder);

/// How far guesses are from the teacher's features, by feature level.
struct DistillationError {
  std::array<torch::Tensor, 4> squared;   ///< scalars: mean squared errors
  std::array<torch::Tensor, 4> variance;  ///< scalars: of the teacher's channels, in the mean

  /// The sum over levels of squared / variance: the shares of the teacher that stay unexplained.
  torch::Tensor loss() const;
};

DistillationError distillation_error(const Features& guesses, const Features& teacher);

}  // namespace epochal::encoder

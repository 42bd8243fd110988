#pragma once

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal::adain {

/// The mirror of the encoder: pooling becomes nearest upsampling, and there is no normalisation
/// (section 6.1). Module names are the indices of a torch.nn.Sequential: "1.weight", "5.weight" …
class DecoderImpl : public torch::nn::Module {
 public:
  explicit DecoderImpl(int width_divisor);

  /// Features [N,512/divisor,h,w] -> images [N,3,8h,8w].
  torch::Tensor forward(const torch::Tensor& features);

  int width_divisor() const { return width_divisor_; }

 private:
  int width_divisor_;
  torch::nn::Sequential layers_;
};
TORCH_MODULE(Decoder);

}  // namespace epochal::adain

#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "experiments/torch/torch_headers.h"

namespace epochal {

/// Activations of one batch at relu1_1, relu2_1, relu3_1 and relu4_1.
using Features = std::array<torch::Tensor, 4>;

/// Which of the encoder's children give them.
constexpr std::array<std::size_t, 4> kFeatureLayers{3, 10, 17, 30};

/// VGG-19 up to relu4_1 with reflection padding, behind the 1x1 convolution that turns RGB in [0,1]
/// into what the network was trained on (Huang & Belongie 2017, section 6; the layout of their
/// published vgg_normalised). Module names are the indices of a torch.nn.Sequential: "0.weight",
/// "2.weight", "5.weight" …
class EncoderImpl : public torch::nn::Module {
 public:
  /// Channels are 64, 128, 256 and 512 divided by `width_divisor`.
  explicit EncoderImpl(int width_divisor);

  /// Images [N,3,H,W], RGB in [0,1]; H and W of at least 16.
  Features forward(const torch::Tensor& images);

  /// Only relu4_1: [N,512/divisor,H/8,W/8].
  torch::Tensor deepest(const torch::Tensor& images);

  int width_divisor() const { return width_divisor_; }

  /// Of relu4_1, the most that a layer has.
  int channels() const { return 512 / width_divisor_; }

 private:
  int width_divisor_;
  torch::nn::Sequential layers_;
};
TORCH_MODULE(Encoder);

/// The convolutions of an encoder in order, the 1x1 one first. They live as long as the encoder.
std::vector<torch::nn::Conv2dImpl*> convolutions_of(const Encoder& encoder);

/// What follows a convolution.
enum class Activation { relu, none };

/// Appends reflection padding, a 3x3 convolution that keeps the size, and the activation.
void add_convolution(torch::nn::Sequential& layers, int in, int out, Activation activation);

/// Gives a network He-initialised weights drawn from `seed` alone (He et al. 2015), biases 0.
void initialise(torch::nn::Module& network, std::uint64_t seed);

/// As initialise(), and the 1x1 convolution set to map [0,1] to [-1,1]: an untrained encoder.
void initialise_encoder(Encoder& encoder, std::uint64_t seed);

}  // namespace epochal

#include "experiments/torch/convolution/reflection_padding.h"

#include <gtest/gtest.h>

namespace epochal {
namespace {

/// The padded images and the gradient of the sum of `weights` times them.
template <typename Pad>
std::pair<torch::Tensor, torch::Tensor> padded_and_gradient(const torch::Tensor& images,
                                                            const torch::Tensor& weights,
                                                            const Pad& pad) {
  const torch::Tensor input = images.clone().requires_grad_();
  const torch::Tensor padded = pad(input);
  (padded * weights).sum().backward();
  return {padded.detach(), input.grad()};
}

TEST(ReflectionPadding, WithItsGradientInAFixedOrderIsLibTorchs) {
  torch::manual_seed(1);
  for (const auto& [height, width] : {std::pair{2, 2}, {2, 5}, {3, 4}, {9, 16}}) {
    for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
      const torch::Tensor images =
          torch::rand({2, 3, height, width}, torch::kFloat64).contiguous(format);
      const torch::Tensor weights =
          torch::rand({2, 3, height + 2, width + 2}, torch::kFloat64).contiguous(format);
      const auto expected = padded_and_gradient(images, weights, [](const torch::Tensor& input) {
        return torch::reflection_pad2d(input, {1, 1, 1, 1});
      });
      const auto found = padded_and_gradient(images, weights, ordered_reflection_padding);
      EXPECT_TRUE(torch::equal(found.first, expected.first));
      EXPECT_TRUE(torch::allclose(found.second, expected.second, 1e-14, 1e-14))
          << height << " x " << width;
    }
  }
}

TEST(ReflectionPadding, AsksForNoGradientWhereNoneIsWanted) {
  const torch::Tensor images = torch::rand({1, 1, 4, 4});
  EXPECT_FALSE(ordered_reflection_padding(images).requires_grad());
  const torch::NoGradGuard no_grad;
  EXPECT_FALSE(ordered_reflection_padding(images.clone().requires_grad_()).requires_grad());
}

}  // namespace
}  // namespace epochal

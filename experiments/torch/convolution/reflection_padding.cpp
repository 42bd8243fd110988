// The gradient of a mirrored edge: what came to the mirror image is added to the pixel it shows.

#include "experiments/torch/convolution/reflection_padding.h"

namespace epochal {
namespace {

/// From the gradient of what is padded in a dimension to that of what is not.
torch::Tensor without_padding(const torch::Tensor& gradient, std::int64_t dimension) {
  const std::int64_t size = gradient.size(dimension) - 2;
  torch::Tensor inner = gradient.narrow(dimension, 1, size).clone();
  inner.narrow(dimension, 1, 1).add_(gradient.narrow(dimension, 0, 1));
  inner.narrow(dimension, size - 2, 1).add_(gradient.narrow(dimension, size + 1, 1));
  return inner;
}

struct OrderedReflectionPadding : torch::autograd::Function<OrderedReflectionPadding> {
  static torch::Tensor forward(torch::autograd::AutogradContext* /*context*/,
                               const torch::Tensor& images) {
    return torch::reflection_pad2d(images, {1, 1, 1, 1});
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* /*context*/,
                                                 const torch::autograd::variable_list& gradients) {
    return {without_padding(without_padding(gradients.front(), 2), 3)};
  }
};

}  // namespace

torch::Tensor ordered_reflection_padding(const torch::Tensor& images) {
  return OrderedReflectionPadding::apply(images);
}

torch::Tensor reflection_padding(const torch::Tensor& images) {
  if (images.is_cpu()) return torch::reflection_pad2d(images, {1, 1, 1, 1});
  return ordered_reflection_padding(images);
}

}  // namespace epochal

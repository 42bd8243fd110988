#pragma once

#include "experiments/torch/torch_headers.h"

namespace epochal {

/// Images [N,C,H,W] with one pixel mirrored around each edge: [N,C,H+2,W+2]; H and W of at least 2.
/// LibTorch's reflection_pad2d, but for the gradient on a GPU: LibTorch's adds the up to four
/// gradients of a pixel there in whatever order its threads come, so that no two trainings have the
/// same bits (PyTorch issue 98925).
torch::Tensor reflection_padding(const torch::Tensor& images);

/// The same with the gradient in a fixed order, on any device.
torch::Tensor ordered_reflection_padding(const torch::Tensor& images);

/// reflection_padding() as a layer.
class ReflectionPaddingImpl : public torch::nn::Module {
 public:
  torch::Tensor forward(const torch::Tensor& images) { return reflection_padding(images); }
};
TORCH_MODULE(ReflectionPadding);

}  // namespace epochal

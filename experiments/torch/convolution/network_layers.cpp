// From LibTorch's modules to a chain's layers.

#include "experiments/torch/convolution/network_layers.h"

#include <cassert>

#include "experiments/torch/convolution/reflection_padding.h"

namespace epochal {
namespace nn = torch::nn;
namespace {

ConvolutionLayer layer_with(const torch::Tensor& weight, const torch::Tensor& bias,
                            Resampling before) {
  assert(weight.is_contiguous() && bias.is_contiguous());
  return {weight.size(1), weight.size(0),           before,
          false,          weight.data_ptr<float>(), bias.data_ptr<float>()};
}

/// second(first(x)) as one convolution: W = W2 W1, b = b2 + sum of W2 b1.
std::pair<torch::Tensor, torch::Tensor> product(const nn::Conv2dImpl& first,
                                                const nn::Conv2dImpl& second) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor w1 = first.weight.to(torch::kFloat64).flatten(1);
  const torch::Tensor b1 = first.bias.to(torch::kFloat64);
  const torch::Tensor w2 = second.weight.to(torch::kFloat64);
  const torch::Tensor weight = torch::einsum("oihw,ij->ojhw", {w2, w1});
  const torch::Tensor bias = second.bias.to(torch::kFloat64) + torch::einsum("oihw,i->o", {w2, b1});
  return {weight.to(torch::kFloat32).contiguous(), bias.to(torch::kFloat32).contiguous()};
}

}  // namespace

NetworkLayers layers_of(const torch::nn::Module& network) {
  NetworkLayers found;
  Resampling before = Resampling::none;
  const nn::Conv2dImpl* pointwise = nullptr;
  for (const auto& child : network.children()) {
    if (auto* convolution = child->as<nn::Conv2d>()) {
      if (convolution->weight.size(2) == 1) {
        pointwise = convolution;
      } else {
        torch::Tensor weight = convolution->weight;
        torch::Tensor bias = convolution->bias;
        if (pointwise != nullptr) {
          std::tie(weight, bias) = product(*pointwise, *convolution);
          found.folded.insert(found.folded.end(), {weight, bias});
          pointwise = nullptr;
        }
        found.layers.push_back(layer_with(weight, bias, before));
        found.convolutions.push_back(convolution);
        before = Resampling::none;
      }
    } else if (child->as<nn::ReLU>() != nullptr) {
      found.layers.back().rectified = true;
    } else if (child->as<nn::MaxPool2d>() != nullptr) {
      before = Resampling::halve;
    } else if (child->as<nn::Upsample>() != nullptr) {
      before = Resampling::twice;
    } else {
      assert(child->as<ReflectionPadding>() != nullptr);
    }
    found.layer_of_child.push_back(found.layers.empty() ? 0 : found.layers.size() - 1);
  }
  return found;
}

}  // namespace epochal

// The decoder, layer by layer as the paper has it.

#include "experiments/adain/network.h"

namespace epochal::adain {
namespace nn = torch::nn;
namespace {

/// Nearest neighbours at twice the size.
struct DoublingImpl : nn::UpsampleImpl {
  DoublingImpl()
      : nn::UpsampleImpl(
            nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kNearest)) {}

  torch::Tensor forward(const torch::Tensor& features) {
    return nn::UpsampleImpl::forward(has_kernel_for(features) ? features
                                                              : features.to(torch::kFloat32));
  }

 private:
  static bool has_kernel_for(const torch::Tensor& features) {
    constexpr bool kIsOld =
        TORCH_VERSION_MAJOR < 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 1);
    return !kIsOld || features.is_cpu() || features.scalar_type() != torch::kBFloat16;
  }
};
TORCH_MODULE(Doubling);

}  // namespace

DecoderImpl::DecoderImpl(int width_divisor) : width_divisor_(width_divisor) {
  const auto width = [&](int channels) { return channels / width_divisor; };
  add_convolution(layers_, width(512), width(256), Activation::relu);
  layers_->push_back(Doubling());
  for (int i = 0; i < 3; ++i) add_convolution(layers_, width(256), width(256), Activation::relu);
  add_convolution(layers_, width(256), width(128), Activation::relu);
  layers_->push_back(Doubling());
  add_convolution(layers_, width(128), width(128), Activation::relu);
  add_convolution(layers_, width(128), width(64), Activation::relu);
  layers_->push_back(Doubling());
  add_convolution(layers_, width(64), width(64), Activation::relu);
  add_convolution(layers_, width(64), 3, Activation::none);
  for (const auto& layer : layers_->named_children()) {
    register_module(layer.key(), layer.value());
  }
}

torch::Tensor DecoderImpl::forward(const torch::Tensor& features) {
  return layers_->forward(features);
}

}  // namespace epochal::adain

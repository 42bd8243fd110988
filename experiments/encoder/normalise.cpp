// Mean activation 1 per filter.

#include "experiments/encoder/normalise.h"

#include <vector>

#include "experiments/encoder/layer_outputs.h"
#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_tensor.h"

namespace epochal::encoder {

void normalise_activations(Encoder& encoder, const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  const std::vector<torch::nn::Conv2dImpl*> convolutions = convolutions_of(encoder);

  // The first convolution is the 1x1 one, which has no ReLU.
  torch::Tensor input_scale;
  for_each_layer(encoder, images, [&](std::size_t i, const LayerOutput& output) {
    torch::nn::Conv2dImpl& convolution = *convolutions.at(i + 1);
    if (input_scale.defined()) convolution.weight.mul_(input_scale.view({1, -1, 1, 1}));
    const torch::Tensor mean = output.rectified.mean({0, 2, 3});
    // A filter that seldom fires would be blown up until it ruled the losses alone.
    const double layer_mean = mean.mean().item<double>();
    const torch::Tensor scale = mean.clamp_min(layer_mean > 0 ? layer_mean : 1.0);
    convolution.weight.div_(scale.view({-1, 1, 1, 1}));
    convolution.bias.div_(scale);
    input_scale = scale;
  });
}

torch::Tensor typical_images(int count, int side) {
  std::vector<torch::Tensor> images;
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    images.push_back(to_tensor(generate_image(GeneratorKind::scenes, index, side)));
    images.push_back(to_tensor(generate_image(GeneratorKind::paintings, index, side)));
  }
  return torch::cat(images);
}

}  // namespace epochal::encoder

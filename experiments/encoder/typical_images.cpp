// Pictures that need no files, to scale activations by.

#include "experiments/encoder/typical_images.h"

#include <vector>

#include "experiments/torch/images/generated/generated_images.h"
#include "experiments/torch/images/image_tensor.h"

namespace epochal::encoder {

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

// An encoder by the name that users give it.

#include "experiments/torch/weights/encoder_file.h"

#include "experiments/torch/training/training_state.h"
#include "experiments/torch/weights/asset_file.h"
#include "experiments/torch/weights/weights_file.h"
#include "experiments/torch/weights/weights_layout.h"

namespace epochal {

std::string encoder_file(const std::string& name) {
  return name == "mini" ? asset_file("encoder-mini.safetensors").string() : name;
}

Encoder load_encoder(const std::string& name) {
  const std::string file = encoder_file(name);
  const NamedWeights weights = find_encoder(read_weights(file), file);
  Encoder encoder(weights.width_divisor);
  copy_weights(weights.tensors, *encoder);
  freeze(encoder);
  return encoder;
}

void freeze(Encoder& encoder) {
  for (torch::Tensor& weights : encoder->parameters()) weights.set_requires_grad(false);
  encoder->eval();
}

}  // namespace epochal

#pragma once

#include <string>

#include "experiments/torch/weights/vgg_encoder.h"

namespace epochal {

/// Where the weights of the encoder `name` lie: "mini" is the small one that ships with epochal,
/// any other name is a file. Throws Error if the shipped one is missing.
std::string encoder_file(const std::string& name);

/// The encoder `name`, as above, frozen (see find_encoder). Throws Error.
Encoder load_encoder(const std::string& name);

/// Keeps an encoder's weights from being trained.
void freeze(Encoder& encoder);

}  // namespace epochal

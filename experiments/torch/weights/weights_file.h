#pragma once

#include "experiments/torch/weights/safetensors.h"

namespace epochal {

/// Reads a file of weights, whichever it is: PyTorch's zip format (since 1.6), its legacy format,
/// or safetensors. Tensors of other float types come back as float32; integers keep their type. The
/// file may come from a stranger: nothing in it is executed (see PickleReader), and every length is
/// checked against the file. Throws Error.
NamedTensors read_weights(const std::filesystem::path& file);

}  // namespace epochal

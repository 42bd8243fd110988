#pragma once

#include "experiments/torch/torch_headers.h"

namespace epochal::encoder {

/// `count` generated scenes and as many paintings: what an encoder will look at. [2*count,3,S,S].
torch::Tensor typical_images(int count, int side);

}  // namespace epochal::encoder

#pragma once

#include <string>

#include "experiments/torch/torch_headers.h"

namespace epochal {

/// "auto" (CUDA where there is one, else the CPU), "cpu" or "cuda". Throws Error if CUDA is asked
/// for and not there.
torch::Device choose_device(const std::string& name);

/// LibTorch starts with one thread on some machines: sets `threads`, unless OMP_NUM_THREADS says
/// otherwise.
void use_threads(int threads);

}  // namespace epochal

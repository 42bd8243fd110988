#pragma once

#include <string>

#include "experiments/torch/torch_headers.h"

namespace epochal {

/// "auto" (CUDA where there is one, else the CPU), "cpu" or "cuda", ready to compute: the same bits
/// every time, and float32 as such on a GPU that would round it (TF32). Throws Error if CUDA is
/// asked for and not there, or if there are two OpenMP runtimes (see check_openmp_runtime).
torch::Device set_up_device(const std::string& name, int threads);

/// The same with all cores, CUDA where there is one.
torch::Device set_up_any_device();

/// LibTorch starts with one thread on some machines: sets `threads`, unless OMP_NUM_THREADS says
/// otherwise.
void use_threads(int threads);

}  // namespace epochal

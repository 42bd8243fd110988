// Which device a run computes on, and with how many threads.

#include "experiments/torch/training/compute_device.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "experiments/torch/training/openmp_runtime.h"
#include "framework/base/error.h"

namespace epochal {

torch::Device set_up_any_device() {
  return set_up_device("auto", static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
}

torch::Device set_up_device(const std::string& name, int threads) {
  check_openmp_runtime();
  use_threads(threads);
  at::Context& context = at::globalContext();
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
  const bool has_cuda = torch::cuda::is_available();
  if (name == "cuda" && !has_cuda) {
    throw Error("device = cuda, but LibTorch finds no CUDA device", {},
                "use device=auto or device=cpu, or install a LibTorch built with CUDA");
  }
  return has_cuda && name != "cpu" ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
}

void use_threads(int threads) {
  if (std::getenv("OMP_NUM_THREADS") == nullptr) at::set_num_threads(threads);
}

}  // namespace epochal

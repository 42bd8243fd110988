// Which device a run computes on, and with how many threads.

#include "experiments/torch/compute_device.h"

#include <cstdlib>

#include "framework/plugin/error.h"

namespace epochal {

torch::Device choose_device(const std::string& name) {
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

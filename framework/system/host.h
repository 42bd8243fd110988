#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace epochal {

/// A machine, as far as a process may use it.
struct Host {
  std::string name;
  std::string cpu;                ///< model name
  int cores = 1;                  ///< cores that this process may use (sched_getaffinity)
  std::int64_t memory_bytes = 0;  ///< of the machine, or of the control group if that is less
  std::string gpu;                ///< the first one, as its driver reports it; empty without one
  std::optional<std::int64_t> gpu_memory_bytes;
  std::string gpu_driver;
  std::string os;  ///< distribution and kernel
};

/// Reads /proc, the control group and NVML (found at run time). Never fails: values that the
/// machine does not report stay empty.
Host probe_host();

/// Whether a device, as LibTorch names it, is a GPU: "cuda:0".
bool is_gpu(const std::string& device);

/// A device with the model of its GPU: "cuda:0 NVIDIA GeForce GTX 1080"; unchanged without a GPU.
std::string device_name(const std::string& device);

/// This machine's name on its network; may be empty.
std::string host_name();

/// The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them: the value of that
/// variable if it is set, or else the numbers of all GPUs in the management library.
std::vector<std::string> visible_gpus();

/// Cores that this process may use.
int usable_cores();

}  // namespace epochal

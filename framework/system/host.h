#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace epochal {

/// An accelerator as its driver reports it.
struct Gpu {
  std::string name;
  std::int64_t memory_bytes = 0;
  std::string driver;
};

/// The machine that this process runs on, as far as it may use it.
struct Host {
  std::string name;
  std::string cpu;                ///< model name
  int cores = 1;                  ///< that this process may run on (sched_getaffinity)
  std::int64_t memory_bytes = 0;  ///< of the machine, or of the control group if that is less
  std::optional<Gpu> gpu;         ///< the first one, if any
  std::string os;                 ///< distribution and kernel
};

/// Reads /proc, the control group and NVML (found at run time). Never fails: what the machine does
/// not tell stays empty.
Host probe_host();

/// Whether a device, as LibTorch names it, is a GPU: "cuda:0".
bool is_gpu(const std::string& device);

/// A device with the model of its GPU: "cuda:0 NVIDIA GeForce GTX 1080"; as it is without one.
std::string device_name(const std::string& device);

/// This machine's name on its network; may be empty.
std::string host_name();

/// The GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them: those of that variable
/// where it is set, else the numbers of all that the management library reports.
std::vector<std::string> visible_gpus();

/// Cores that this process may use.
int usable_cores();

}  // namespace epochal

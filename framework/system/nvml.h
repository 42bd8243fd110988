#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace epochal {

/// An accelerator as its driver reports it.
struct Gpu {
  std::string name;
  std::int64_t memory_bytes = 0;
  std::string driver;
};

/// The first GPU that this process may use, from NVIDIA's management library; none without the
/// library or a GPU.
std::optional<Gpu> probe_gpu();

/// The number of GPUs; 0 without the library.
int nvml_gpu_count();

/// The load of a GPU by all processes.
struct GpuLoad {
  double busy = 0;                ///< share of recent time in which it computed
  std::int64_t memory_bytes = 0;  ///< in use by all processes
  std::int64_t total_memory_bytes = 0;
};

/// Measures the first GPU that this process sees. Cheap enough for many calls a second.
class GpuLoadMeter {
 public:
  /// Loads the library if the meter is wanted.
  explicit GpuLoadMeter(bool is_wanted);
  ~GpuLoadMeter();
  GpuLoadMeter(const GpuLoadMeter&) = delete;
  GpuLoadMeter& operator=(const GpuLoadMeter&) = delete;

  /// None without a GPU or if the meter is not wanted.
  std::optional<GpuLoad> load() const;

 private:
  class Device;
  std::unique_ptr<Device> device_;
};

}  // namespace epochal

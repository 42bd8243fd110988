#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "framework/system/host.h"

namespace epochal {

/// The first GPU that this process may use, as NVIDIA's management library reports it; none without
/// the library or a GPU.
std::optional<Gpu> probe_gpu();

/// How many GPUs it reports; 0 without the library.
int nvml_gpu_count();

/// How busy a GPU is, with all processes that use it.
struct GpuLoad {
  double busy = 0;                ///< share of the last moments in which it computed
  std::int64_t memory_bytes = 0;  ///< taken, by all processes
  std::int64_t total_memory_bytes = 0;
};

/// Asks the first GPU that this process may see; cheap enough for many times a second.
class GpuLoadMeter {
 public:
  /// Loads the library unless the meter is not wanted.
  explicit GpuLoadMeter(bool is_wanted);
  ~GpuLoadMeter();
  GpuLoadMeter(const GpuLoadMeter&) = delete;
  GpuLoadMeter& operator=(const GpuLoadMeter&) = delete;

  /// None without a GPU, or if it was not wanted.
  std::optional<GpuLoad> load() const;

 private:
  class Device;
  std::unique_ptr<Device> device_;
};

}  // namespace epochal

// Measures of memory for the plugin interface.

#include "framework/runner/memory_measures.h"

#include "framework/system/nvml.h"
#include "framework/system/process.h"

namespace epochal {

void add_memory_measures(RunContext& context) {
  context.peak_memory_of = peak_memory_of;
  context.device_memory = []() -> std::optional<DeviceMemory> {
    const auto load = GpuLoadMeter(true).load();
    if (!load) return std::nullopt;
    return DeviceMemory{load->memory_bytes, load->total_memory_bytes};
  };
}

}  // namespace epochal

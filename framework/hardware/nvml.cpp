// NVIDIA's management library, found at run time so that nothing links to it. The declarations
// follow NVML's documented C interface.

#include "framework/hardware/nvml.h"

#include <dlfcn.h>

#include <array>
#include <memory>

namespace epochal {
namespace {

constexpr int kSuccess = 0;
using Device = struct NvmlDevice*;

struct Memory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};

class Nvml {
 public:
  Nvml() : library_(dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL), &close_library) {}

  template <typename Function>
  Function* function(const char* name) const {
    if (!library_) return nullptr;
    return reinterpret_cast<Function*>(dlsym(library_.get(), name));
  }

 private:
  static void close_library(void* library) { dlclose(library); }

  std::unique_ptr<void, void (*)(void*)> library_;
};

}  // namespace

std::optional<Gpu> probe_gpu() {
  const Nvml nvml;
  const auto init = nvml.function<int()>("nvmlInit_v2");
  const auto shutdown = nvml.function<int()>("nvmlShutdown");
  const auto handle = nvml.function<int(unsigned, Device*)>("nvmlDeviceGetHandleByIndex_v2");
  const auto name = nvml.function<int(Device, char*, unsigned)>("nvmlDeviceGetName");
  const auto memory = nvml.function<int(Device, Memory*)>("nvmlDeviceGetMemoryInfo");
  const auto driver = nvml.function<int(char*, unsigned)>("nvmlSystemGetDriverVersion");
  const bool complete = init && shutdown && handle && name && memory && driver;
  if (!complete || init() != kSuccess) return std::nullopt;

  std::optional<Gpu> gpu;
  Device device = nullptr;
  if (handle(0, &device) == kSuccess) {
    std::array<char, 128> text{};
    Memory bytes{};
    gpu.emplace();
    if (name(device, text.data(), text.size()) == kSuccess) gpu->name = text.data();
    if (memory(device, &bytes) == kSuccess) {
      gpu->memory_bytes = static_cast<std::int64_t>(bytes.total);
    }
    if (driver(text.data(), text.size()) == kSuccess) gpu->driver = text.data();
  }
  shutdown();
  return gpu;
}

int nvml_gpu_count() {
  const Nvml nvml;
  const auto init = nvml.function<int()>("nvmlInit_v2");
  const auto shutdown = nvml.function<int()>("nvmlShutdown");
  const auto get_count = nvml.function<int(unsigned*)>("nvmlDeviceGetCount_v2");
  if (!init || !shutdown || !get_count || init() != kSuccess) return 0;
  unsigned count = 0;
  if (get_count(&count) != kSuccess) count = 0;
  shutdown();
  return static_cast<int>(count);
}

}  // namespace epochal

// NVIDIA's management library, found at run time so that nothing links to it. The declarations
// follow NVML's documented C interface.

#include "framework/hardware/nvml.h"

#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace epochal {
namespace {

constexpr int kSuccess = 0;
using Handle = struct NvmlDevice*;

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
  const auto handle = nvml.function<int(unsigned, Handle*)>("nvmlDeviceGetHandleByIndex_v2");
  const auto name = nvml.function<int(Handle, char*, unsigned)>("nvmlDeviceGetName");
  const auto memory = nvml.function<int(Handle, Memory*)>("nvmlDeviceGetMemoryInfo");
  const auto driver = nvml.function<int(char*, unsigned)>("nvmlSystemGetDriverVersion");
  const bool complete = init && shutdown && handle && name && memory && driver;
  if (!complete || init() != kSuccess) return std::nullopt;

  std::optional<Gpu> gpu;
  Handle device = nullptr;
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

/// An initialised library and one device of it.
class GpuLoadMeter::Device {
 public:
  Device() {
    const auto init = nvml_.function<int()>("nvmlInit_v2");
    const auto handle = nvml_.function<int(unsigned, Handle*)>("nvmlDeviceGetHandleByIndex_v2");
    shutdown_ = nvml_.function<int()>("nvmlShutdown");
    rates_ = nvml_.function<int(Handle, Rates*)>("nvmlDeviceGetUtilizationRates");
    memory_ = nvml_.function<int(Handle, Memory*)>("nvmlDeviceGetMemoryInfo");
    const bool complete = init && handle && shutdown_ && rates_ && memory_;
    if (!complete || init() != kSuccess) return;
    is_initialised_ = true;
    const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
    const int first = visible == nullptr ? 0 : std::atoi(visible);
    if (first < 0 || handle(static_cast<unsigned>(first), &device_) != kSuccess) device_ = nullptr;
  }
  ~Device() {
    if (is_initialised_) shutdown_();
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  std::optional<GpuLoad> load() const {
    Rates rates{};
    Memory bytes{};
    if (device_ == nullptr || rates_(device_, &rates) != kSuccess ||
        memory_(device_, &bytes) != kSuccess) {
      return std::nullopt;
    }
    return GpuLoad{rates.gpu / 100.0, static_cast<std::int64_t>(bytes.used),
                   static_cast<std::int64_t>(bytes.total)};
  }

 private:
  struct Rates {
    unsigned gpu;  ///< per cent
    unsigned memory;
  };

  Nvml nvml_;
  int (*shutdown_)() = nullptr;
  int (*rates_)(Handle, Rates*) = nullptr;
  int (*memory_)(Handle, Memory*) = nullptr;
  Handle device_ = nullptr;
  bool is_initialised_ = false;
};

GpuLoadMeter::GpuLoadMeter(bool is_wanted) {
  if (is_wanted) device_ = std::make_unique<Device>();
}

GpuLoadMeter::~GpuLoadMeter() = default;

std::optional<GpuLoad> GpuLoadMeter::load() const {
  return device_ ? device_->load() : std::nullopt;
}

}  // namespace epochal

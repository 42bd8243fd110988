// NVIDIA's management library, found at run time so that nothing links to it. The declarations
// follow NVML's documented C interface.

#include "framework/system/nvml.h"

#include <dlfcn.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/parsed_number.h"
#include "framework/system/host.h"

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
  Nvml() : library_(dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL), &close_library) {
    const auto init = function<int()>("nvmlInit_v2");
    shutdown_ = function<int()>("nvmlShutdown");
    is_initialised_ = init && shutdown_ && init() == kSuccess;
  }
  ~Nvml() {
    if (is_initialised_) shutdown_();
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  bool is_initialised() const { return is_initialised_; }

  template <typename Function>
  Function* function(const char* name) const {
    if (!library_) return nullptr;
    return reinterpret_cast<Function*>(dlsym(library_.get(), name));
  }

  /// The first GPU that CUDA shows this process; null without one.
  Handle first_visible_gpu() const {
    if (!is_initialised_) return nullptr;
    const std::vector<std::string> visible = visible_gpus();
    if (visible.empty()) return nullptr;
    const std::string& name = visible.front();
    Handle device = nullptr;
    if (const auto index = parsed_number<int>(name)) {
      const auto by_index = function<int(unsigned, Handle*)>("nvmlDeviceGetHandleByIndex_v2");
      const bool found =
          by_index && *index >= 0 && by_index(static_cast<unsigned>(*index), &device) == kSuccess;
      return found ? device : nullptr;
    }
    const auto by_uuid = function<int(const char*, Handle*)>("nvmlDeviceGetHandleByUUID");
    return by_uuid && by_uuid(name.c_str(), &device) == kSuccess ? device : nullptr;
  }

 private:
  static void close_library(void* library) { dlclose(library); }

  std::unique_ptr<void, void (*)(void*)> library_;
  int (*shutdown_)() = nullptr;
  bool is_initialised_ = false;
};

}  // namespace

std::optional<Gpu> probe_gpu() {
  const Nvml nvml;
  const Handle device = nvml.first_visible_gpu();
  const auto name = nvml.function<int(Handle, char*, unsigned)>("nvmlDeviceGetName");
  const auto memory = nvml.function<int(Handle, Memory*)>("nvmlDeviceGetMemoryInfo");
  const auto driver = nvml.function<int(char*, unsigned)>("nvmlSystemGetDriverVersion");
  const bool is_complete = device && name && memory && driver;
  if (!is_complete) return std::nullopt;

  Gpu gpu;
  std::array<char, 128> text{};
  Memory bytes{};
  if (name(device, text.data(), text.size()) == kSuccess) gpu.name = text.data();
  if (memory(device, &bytes) == kSuccess) gpu.memory_bytes = static_cast<std::int64_t>(bytes.total);
  if (driver(text.data(), text.size()) == kSuccess) gpu.driver = text.data();
  return gpu;
}

int nvml_gpu_count() {
  const Nvml nvml;
  const auto get_count = nvml.function<int(unsigned*)>("nvmlDeviceGetCount_v2");
  unsigned count = 0;
  const bool is_known = nvml.is_initialised() && get_count && get_count(&count) == kSuccess;
  return is_known ? static_cast<int>(count) : 0;
}

/// An initialised library and one device of it.
class GpuLoadMeter::Device {
 public:
  Device()
      : rates_(nvml_.function<int(Handle, Rates*)>("nvmlDeviceGetUtilizationRates")),
        memory_(nvml_.function<int(Handle, Memory*)>("nvmlDeviceGetMemoryInfo")) {
    if (rates_ && memory_) device_ = nvml_.first_visible_gpu();
  }

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
  int (*rates_)(Handle, Rates*);
  int (*memory_)(Handle, Memory*);
  Handle device_ = nullptr;
};

GpuLoadMeter::GpuLoadMeter(bool is_wanted) {
  if (is_wanted) device_ = std::make_unique<Device>();
}

GpuLoadMeter::~GpuLoadMeter() = default;

std::optional<GpuLoad> GpuLoadMeter::load() const {
  return device_ ? device_->load() : std::nullopt;
}

}  // namespace epochal

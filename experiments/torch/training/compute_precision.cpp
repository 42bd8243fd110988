// Which precision a device is good at, and how LibTorch is told.

#include "experiments/torch/training/compute_precision.h"

#include <ATen/autocast_mode.h>
#include <dlfcn.h>
#include <fmt/format.h>

#ifdef EPOCHAL_WITH_ONEDNN
#include "experiments/torch/convolution/plane_kernels.h"
#endif

namespace epochal {
namespace {

/// The first number of a GPU's compute capability, as its driver says; 0 where it does not.
/// LibTorch tells only programs that are compiled with CUDA's headers.
int compute_capability(int device) {
  void* const driver = dlopen("libcuda.so.1", RTLD_NOW);
  if (driver == nullptr) return 0;
  constexpr int kComputeCapabilityMajor = 75;
  const auto initialise = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  const auto attribute =
      reinterpret_cast<int (*)(int*, int, int)>(dlsym(driver, "cuDeviceGetAttribute"));
  int major = 0;
  const bool is_known = initialise != nullptr && attribute != nullptr && initialise(0) == 0 &&
                        attribute(&major, kComputeCapabilityMajor, device) == 0;
  dlclose(driver);
  return is_known ? major : 0;
}

bool is_faster_in_bfloat16(const torch::Device& device,
                           [[maybe_unused]] std::int64_t chained_channels) {
  if (!device.is_cpu()) {
    constexpr int kAmpere = 8;
    return compute_capability(device.index()) >= kAmpere;
  }
#ifdef EPOCHAL_WITH_ONEDNN
  return prefers_bfloat16(chained_channels);
#else
  return false;
#endif
}

void set_autocast(torch::DeviceType device, bool is_on) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
  at::autocast::set_autocast_enabled(device, is_on);
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
#else
  if (device == torch::kCPU) {
    at::autocast::set_cpu_enabled(is_on);
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  } else {
    at::autocast::set_enabled(is_on);
    at::autocast::set_autocast_gpu_dtype(at::kBFloat16);
  }
#endif
  if (!is_on) at::autocast::clear_cache();
}

}  // namespace

Precision choose_precision(const std::string& name, const torch::Device& device,
                           std::int64_t chained_channels) {
  if (name == "bfloat16") return Precision::bfloat16;
  if (name == "float32") return Precision::float32;
  return is_faster_in_bfloat16(device, chained_channels) ? Precision::bfloat16 : Precision::float32;
}

Precision precision_of(const RunContext& run, const torch::Device& device,
                       std::int64_t chained_channels) {
  const std::string& asked = run.parameters.text("precision");
  const auto chosen_before = run.chosen.find("precision");
  if (asked == "auto" && chosen_before != run.chosen.end()) {
    return choose_precision(chosen_before->second, device, chained_channels);
  }
  const Precision chosen = choose_precision(asked, device, chained_channels);
  if (asked == "auto") {
    run.choose("precision", name_of(chosen));
    run.event("precision", fmt::format("{}: this {} is faster in it", name_of(chosen),
                                       device.is_cpu() ? "CPU" : "GPU"));
  }
  return chosen;
}

AutocastScope::AutocastScope(const torch::Device& device, Precision precision)
    : is_on_(precision == Precision::bfloat16), device_(device.type()) {
  if (is_on_) set_autocast(device_, true);
}

AutocastScope::~AutocastScope() {
  if (is_on_) set_autocast(device_, false);
}

}  // namespace epochal

// A GPU for machines without one: LD_PRELOAD this and LibTorch finds a CUDA device, NVML a driver.
// Its memory is the host's, closed to every access but its own copies, so that code which takes a
// device's pointer for the host's dies here as it dies on a real GPU; there is only so much of it;
// and its operators are those of the CPU, on copies. What it does not have are NVIDIA's kernels:
// their speed, and the order in which they add.
//
// EPOCHAL_EMULATED_GPU_MIB: how much memory it has (8192).

#include <ATen/EmptyTensor.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>

namespace {

constexpr std::size_t kPage = 4096;

/// The memory: what is allocated, and what was taken from the driver, which like CUDA's allocator
/// it does not give back.
class Memory {
 public:
  static Memory& instance() {
    static auto* const memory = new Memory;  // outlives every tensor
    return *memory;
  }

  std::size_t total() const { return total_; }

  std::size_t taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

  void* allocate(std::size_t bytes) {
    const std::size_t size = (bytes + kPage - 1) / kPage * kPage;
    const std::lock_guard lock(mutex_);
    TORCH_CHECK_WITH(OutOfMemoryError, in_use_ + size <= total_,
                     "CUDA out of memory. Tried to allocate ", size, " bytes (GPU 0; ", total_,
                     " bytes total capacity; ", in_use_, " bytes already allocated)");
    void* const data = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK(data != MAP_FAILED, "the host has no memory for the emulated GPU");
    blocks_[static_cast<char*>(data)] = {size, 0};
    in_use_ += size;
    taken_ = std::max(taken_, in_use_);
    return data;
  }

  void release(void* data) {
    const std::lock_guard lock(mutex_);
    const auto found = blocks_.find(static_cast<char*>(data));
    munmap(data, found->second.size);
    in_use_ -= found->second.size;
    blocks_.erase(found);
  }

  void open(const void* data) { change(data, 1); }
  void close(const void* data) { change(data, -1); }

 private:
  struct Block {
    std::size_t size = 0;
    int readers = 0;
  };

  void change(const void* data, int by) {
    const std::lock_guard lock(mutex_);
    auto found = blocks_.upper_bound(const_cast<char*>(static_cast<const char*>(data)));
    --found;
    found->second.readers += by;
    const bool is_open = found->second.readers > 0;
    mprotect(found->first, found->second.size, is_open ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

  const std::size_t total_ = [] {
    const char* const mebibytes = std::getenv("EPOCHAL_EMULATED_GPU_MIB");
    return (mebibytes == nullptr ? 8192 : std::strtoull(mebibytes, nullptr, 10)) << 20;
  }();
  std::mutex mutex_;
  std::map<char*, Block> blocks_;
  std::size_t in_use_ = 0;
  std::size_t taken_ = 0;
};

struct DeviceAllocator final : at::Allocator {
  at::DataPtr allocate(std::size_t bytes) const override {
    const at::Device device(at::kCUDA, 0);
    if (bytes == 0) return {nullptr, device};
    void* const data = Memory::instance().allocate(bytes);
    return {data, data, &release, device};
  }
  at::DeleterFnPtr raw_deleter() const override { return &release; }
  static void release(void* data) { Memory::instance().release(data); }
};

DeviceAllocator allocator;
const c10::AllocatorRegisterer<at::kCUDA> registered_allocator(&allocator);

/// One device, one stream, nothing asynchronous.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  static at::Device device() { return {at::kCUDA, 0}; }
  static c10::Stream stream() { return c10::Stream(c10::Stream::DEFAULT, device()); }

  at::DeviceType type() const override { return at::kCUDA; }
  at::Device exchangeDevice(at::Device) const override { return device(); }
  at::Device getDevice() const override { return device(); }
  void setDevice(at::Device) const override {}
  void uncheckedSetDevice(at::Device) const noexcept override {}
  c10::Stream getStream(at::Device) const noexcept override { return stream(); }
  c10::Stream getDefaultStream(at::Device) const override { return stream(); }
  c10::Stream exchangeStream(c10::Stream) const noexcept override { return stream(); }
  void record(void**, const c10::Stream&, at::DeviceIndex, c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
  at::DeviceIndex deviceCount() const noexcept override { return 1; }
  bool queryStream(const c10::Stream&) const override { return true; }
  void synchronizeStream(const c10::Stream&) const override {}
};
C10_REGISTER_GUARD_IMPL(CUDA, Guard)

/// A tensor as the host's while it lives, wherever its memory is.
class HostView {
 public:
  explicit HostView(const at::Tensor& tensor)
      : is_device_(tensor.is_cuda() && tensor.numel() > 0), data_(tensor.data_ptr()) {
    if (is_device_) Memory::instance().open(data_);
    tensor_ = tensor.is_cuda() ? at::from_blob(data_, tensor.sizes(), tensor.strides(),
                                               tensor.options().device(at::kCPU))
                               : tensor;
  }
  ~HostView() {
    if (is_device_) Memory::instance().close(data_);
  }
  HostView(const HostView&) = delete;
  HostView& operator=(const HostView&) = delete;

  const at::Tensor& operator*() const { return tensor_; }
  const at::Tensor* operator->() const { return &tensor_; }

 private:
  bool is_device_;
  void* data_;
  at::Tensor tensor_;
};

at::Tensor& copy(at::Tensor& to, const at::Tensor& from, bool /*non_blocking*/) {
  const HostView source(from);
  const HostView target(to);
  target->copy_(*source);
  return to;
}

at::Tensor copy_from(const at::Tensor& from, const at::Tensor& to, bool non_blocking) {
  at::Tensor target = to;
  return copy(target, from, non_blocking);
}

at::Tensor copy_from_and_resize(const at::Tensor& from, const at::Tensor& to) {
  if (from.sizes() != to.sizes()) {
    const at::Tensor resized = at::empty(from.sizes(), to.options());
    to.unsafeGetTensorImpl()->shallow_copy_from(resized.getIntrusivePtr());
  }
  return copy_from(from, to, false);
}

at::Scalar scalar_of(const at::Tensor& tensor) {
  return HostView(tensor)->item();
}

constexpr c10::DispatchKeySet kKeys(c10::DispatchKey::CUDA);

at::Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type,
                 c10::optional<at::Layout>, c10::optional<at::Device>, c10::optional<bool>,
                 c10::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(size, &allocator, kKeys, c10::dtype_or_default(type), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride,
                         c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                         c10::optional<at::Device>, c10::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &allocator, kKeys,
                                           c10::dtype_or_default(type));
}

/// Of the CPU there is none for bfloat16, of CUDA there is.
at::Tensor reflection_pad2d(const at::Tensor& images, at::IntArrayRef padding) {
  return at::reflection_pad2d(images.cpu().to(at::kFloat), padding).to(images.options());
}

/// Of CUDA there is none for bfloat16 before LibTorch 2.1.
at::Tensor upsample_nearest2d(const at::Tensor& images, at::IntArrayRef size,
                              c10::optional<double> by_height, c10::optional<double> by_width) {
  TORCH_CHECK(images.scalar_type() != at::kBFloat16,
              "\"upsample_nearest2d_out_frame\" not implemented for 'BFloat16'");
  return at::upsample_nearest2d(images.cpu(), size, by_height, by_width).to(images.device());
}

void on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  at::native::cpu_fallback(op, stack);
}

TORCH_LIBRARY_IMPL(_, CUDA, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&on_host>());
}

TORCH_LIBRARY_IMPL(aten, CUDA, library) {
  library.impl("empty.memory_format", empty);
  library.impl("empty_strided", empty_strided);
  library.impl("copy_", copy);
  library.impl("_copy_from", copy_from);
  library.impl("_copy_from_and_resize", copy_from_and_resize);
  library.impl("_local_scalar_dense", scalar_of);
  library.impl("as_strided", at::native::as_strided_tensorimpl);
  library.impl("view", at::native::view);
  library.impl("unfold", at::native::unfold);
  library.impl("reflection_pad2d", reflection_pad2d);
  library.impl("upsample_nearest2d", upsample_nearest2d);
  library.impl("_reshape_alias", at::native::_reshape_alias);
  // Otherwise made of smaller ones that a CPU has not.
  for (const char* whole : {"convolution", "convolution_backward", "mse_loss"}) {
    library.impl(whole, torch::CppFunction::makeFromBoxedFunction<&on_host>());
  }
}

}  // namespace

namespace at {
namespace {

/// What LibTorch asks before it does anything with CUDA; it looks for this name.
struct CUDAHooks final : CUDAHooksInterface {
  explicit CUDAHooks(CUDAHooksArgs) {}
  void initCUDA() const override {}
  bool hasCUDA() const override { return true; }
  bool hasCUDART() const override { return true; }
  bool hasPrimaryContext(std::int64_t) const override { return true; }
  std::int64_t current_device() const override { return 0; }
  Device getDeviceFromPtr(void*) const override { return Guard::device(); }
  Allocator* getPinnedMemoryAllocator() const override { return c10::GetCPUAllocator(); }
  Allocator* getCUDADeviceAllocator() const override { return &allocator; }
  int getNumGPUs() const override { return 1; }
  void deviceSynchronize(std::int64_t) const override {}
};

REGISTER_CUDA_HOOKS(CUDAHooks)

}  // namespace
}  // namespace at

// NVML, as far as epochal asks it. This library's name is that of NVML's, so that it is found.
extern "C" {

struct NvmlMemory {
  unsigned long long total;
  unsigned long long free;
  unsigned long long used;
};
struct NvmlRates {
  unsigned gpu;
  unsigned memory;
};

int nvmlInit_v2() {
  return 0;
}
int nvmlShutdown() {
  return 0;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  return *count = 1, 0;
}
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** device) {
  *device = &Memory::instance();
  return index == 0 ? 0 : 2;
}
int nvmlDeviceGetHandleByUUID(const char* uuid, void** device) {
  *device = &Memory::instance();
  return std::string_view(uuid) == "GPU-e3a1" ? 0 : 2;
}
int nvmlDeviceGetName(void*, char* text, unsigned size) {
  return std::snprintf(text, size, "Emulated GPU"), 0;
}
int nvmlSystemGetDriverVersion(char* text, unsigned size) {
  return std::snprintf(text, size, "0.0"), 0;
}
int nvmlDeviceGetMemoryInfo(void*, NvmlMemory* memory) {
  const std::size_t taken = Memory::instance().taken();
  const std::size_t total = Memory::instance().total();
  *memory = {total, total - taken, taken};
  return 0;
}
int nvmlDeviceGetUtilizationRates(void*, NvmlRates* rates) {
  *rates = {50, 10};
  return 0;
}
}

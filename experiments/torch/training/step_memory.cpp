// From two measured steps to what any batch size needs.

#include "experiments/torch/training/step_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <string_view>

namespace epochal {
namespace {

/// How many samples surely fit: none takes more than one alone.
std::int64_t fitting(Bytes one, Bytes room) {
  return std::max<Bytes>(0, room) / std::max<Bytes>(1, one);
}

}  // namespace

std::optional<StepMemory> measure_step_memory(const RunContext& context, Bytes room,
                                              const std::function<void(std::int64_t)>& step) {
  step(1);  // what is allocated once and kept belongs to no step
  const auto one = context.peak_memory_of([&] { step(1); });
  if (!one) return std::nullopt;
  constexpr std::int64_t kMost = 4;
  const std::int64_t samples = std::min(kMost, fitting(*one, room));
  if (samples <= 1) return StepMemory{0, *one};
  const auto more = context.peak_memory_of([&] { step(samples); });
  if (!more) return std::nullopt;
  StepMemory memory;
  memory.per_sample = std::max<Bytes>(0, (*more - *one) / (samples - 1));
  memory.fixed = std::max<Bytes>(0, *one - memory.per_sample);
  return memory;
}

std::optional<DeviceStepMemory> measure_device_step_memory(
    const RunContext& context, const std::function<void(std::int64_t)>& step) {
  const auto before = context.device_memory();
  if (!before) return std::nullopt;
  step(1);
  const auto one = context.device_memory();
  if (!one) return std::nullopt;
  DeviceStepMemory memory;
  memory.room = std::max<Bytes>(0, one->total - one->taken);
  memory.step.per_sample = std::max<Bytes>(0, one->taken - before->taken);
  // Far enough apart for the difference to outgrow the blocks in which LibTorch takes memory.
  constexpr std::int64_t kMost = 8;
  const std::int64_t further = std::min(kMost, fitting(memory.step.per_sample, memory.room));
  if (further < 1) return memory;
  step(1 + further);
  const auto more = context.device_memory();
  if (!more) return std::nullopt;
  memory.step.per_sample = std::max<Bytes>(0, (more->taken - one->taken) / further);
  return memory;
}

std::int64_t micro_batch_for(const StepMemory& memory, Bytes room, std::int64_t batch_size) {
  if (memory.of(batch_size) <= room) return batch_size;
  if (memory.of(1) >= room) return 1;
  const std::int64_t most = (room - memory.fixed) / memory.per_sample;
  const std::int64_t parts = (batch_size + most - 1) / most;
  return (batch_size + parts - 1) / parts;
}

void check_memory(Bytes bytes) {
  const auto size = static_cast<std::size_t>(bytes);
  void* const memory =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  munmap(memory, size);
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view what = error.what();
  return what.find("out of memory") != std::string_view::npos ||
         what.find("can't allocate memory") != std::string_view::npos ||
         what.find("not enough memory") != std::string_view::npos ||
         what.find("Failed to allocate") != std::string_view::npos ||  // of OpenCV
         what.find("STATUS_ALLOC_FAILED") != std::string_view::npos;   // of cuDNN and cuBLAS
}

}  // namespace epochal

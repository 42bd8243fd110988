// From two measured steps to what any batch size needs.

#include "experiments/torch/step_memory.h"

#include <algorithm>
#include <new>
#include <string_view>

namespace epochal {

std::optional<StepMemory> measure_step_memory(const RunContext& context,
                                              const std::function<void(std::int64_t)>& step) {
  constexpr std::int64_t kFew = 1;
  constexpr std::int64_t kMore = 4;
  step(kFew);  // what is allocated once and kept belongs to no step
  const auto few = context.peak_memory_of([&] { step(kFew); });
  const auto more = context.peak_memory_of([&] { step(kMore); });
  if (!few || !more) return std::nullopt;
  StepMemory memory;
  memory.per_sample = std::max<Bytes>(0, (*more - *few) / (kMore - kFew));
  memory.fixed = std::max<Bytes>(0, *few - kFew * memory.per_sample);
  return memory;
}

std::optional<DeviceStepMemory> measure_device_step_memory(
    const RunContext& context, const std::function<void(std::int64_t)>& step) {
  // Far enough apart for the difference to outgrow the blocks in which LibTorch takes memory.
  constexpr std::int64_t kFew = 1;
  constexpr std::int64_t kMore = 9;
  step(kFew);
  const auto few = context.device_memory();
  if (!few) return std::nullopt;
  step(kMore);
  const auto more = context.device_memory();
  if (!more) return std::nullopt;
  DeviceStepMemory memory;
  memory.step.per_sample = std::max<Bytes>(0, (more->taken - few->taken) / (kMore - kFew));
  memory.room = std::max<Bytes>(0, few->total - few->taken);
  return memory;
}

std::int64_t micro_batch_for(const StepMemory& memory, Bytes room, std::int64_t batch_size) {
  if (memory.of(batch_size) <= room) return batch_size;
  if (memory.of(1) >= room) return 1;
  const std::int64_t most = (room - memory.fixed) / memory.per_sample;
  const std::int64_t parts = (batch_size + most - 1) / most;
  return (batch_size + parts - 1) / parts;
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return true;
  const std::string_view what = error.what();
  return what.find("out of memory") != std::string_view::npos ||
         what.find("can't allocate memory") != std::string_view::npos ||
         what.find("not enough memory") != std::string_view::npos;
}

}  // namespace epochal

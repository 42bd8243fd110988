#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>

#include "framework/plugin/experiment.h"

namespace epochal {

/// Memory that a training step takes beyond what the process holds without it.
struct StepMemory {
  Bytes fixed = 0;
  Bytes per_sample = 0;

  Bytes of(std::int64_t samples) const { return fixed + samples * per_sample; }
};

/// Measures steps of a few samples on the CPU, as many as surely fit into `room`; `step(n)` does
/// one with n samples, forward and backward. None where the context cannot measure.
std::optional<StepMemory> measure_step_memory(const RunContext& context, Bytes room,
                                              const std::function<void(std::int64_t)>& step);

/// The same on a GPU, from the memory that its driver says is taken. LibTorch keeps what it has
/// once taken, so the first step stays in it, and `fixed` is 0: the room for steps is what is free
/// then. Other processes that take or give back memory meanwhile disturb it.
struct DeviceStepMemory {
  StepMemory step;
  Bytes room = 0;  ///< free after a step of one sample
};
std::optional<DeviceStepMemory> measure_device_step_memory(
    const RunContext& context, const std::function<void(std::int64_t)>& step);

/// The largest part of a batch whose step fits into `room`, where the batch is cut into parts of
/// equal size; 1 if not even one sample fits.
std::int64_t micro_batch_for(const StepMemory& memory, Bytes room, std::int64_t batch_size);

/// Throws std::bad_alloc if so much memory cannot be had at once now: libraries such as oneDNN and
/// OpenBLAS crash or hang where a limit refuses them some.
void check_memory(Bytes bytes);

/// Whether an exception says that memory ran out, on a CPU or an accelerator. LibTorch has no type
/// of its own for it on every device.
bool is_out_of_memory(const std::exception& error);

}  // namespace epochal

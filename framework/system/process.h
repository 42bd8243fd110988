#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "framework/system/process_identity.h"

namespace epochal {

/// The start time of a process in clock ticks since boot. Together with the pid it identifies one
/// process, since pids are reused. None if there is no such process.
std::optional<std::int64_t> process_start_ticks(pid_t pid);

/// This process.
ProcessIdentity this_process();

enum class Presence {
  alive,
  gone,
  out_of_sight,  ///< on another machine, boot or container: unknown from here
};

/// Whether a recorded process is still running.
Presence presence_of(const ProcessIdentity& process);

/// The time since the start of this process; none if /proc does not say.
std::optional<std::chrono::duration<double>> age_of_this_process();

/// Largest resident memory since the last reset_peak_memory(), in bytes; none if /proc does not
/// say.
std::optional<std::int64_t> peak_memory();

/// The most resident memory that `action` uses in addition to what the process already has, in
/// bytes; none if /proc does not say. Starts a new measurement of peak_memory().
std::optional<std::int64_t> peak_memory_of(const std::function<void()>& action);

/// Starts a new measurement of peak_memory(). If the kernel refuses, the peak stays the peak of the
/// whole process.
void reset_peak_memory();

}  // namespace epochal

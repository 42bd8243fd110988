#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "framework/system/process_identity.h"

namespace epochal {

/// When a process started, in clock ticks since boot; with the pid it names one process, since
/// pids are used again. None if there is no such process.
std::optional<std::int64_t> process_start_ticks(pid_t pid);

/// This process.
ProcessIdentity this_process();

enum class Presence {
  alive,
  gone,
  out_of_sight,  ///< of another machine, boot or container: nothing can be said from here
};

/// Whether a process that somebody recorded is still there.
Presence presence_of(const ProcessIdentity& process);

/// How long ago this process was started; none where /proc does not tell.
std::optional<std::chrono::duration<double>> age_of_this_process();

/// Largest resident memory since the last reset_peak_memory(), in bytes; none where /proc does not
/// tell.
std::optional<std::int64_t> peak_memory();

/// The most resident memory that `action` takes beyond what the process holds before it, in bytes;
/// none where /proc does not tell. Starts a new measurement of peak_memory().
std::optional<std::int64_t> peak_memory_of(const std::function<void()>& action);

/// Starts a new measurement of peak_memory(). Where the kernel refuses, the peak stays that of the
/// whole process.
void reset_peak_memory();

}  // namespace epochal

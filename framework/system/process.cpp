// Start times and peak memory of processes, from /proc.

#include "framework/system/process.h"

#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "framework/base/text_lines.h"
#include "framework/system/proc_file.h"
#include "framework/system/whole_file.h"

namespace epochal {
namespace {

constexpr char kOwnStatus[] = "/proc/self/status";

std::string boot_id() {
  return std::string(first_line(whole_file("/proc/sys/kernel/random/boot_id")));
}

std::int64_t pid_namespace() {
  struct stat status {};
  return stat("/proc/self/ns/pid", &status) == 0 ? static_cast<std::int64_t>(status.st_ino) : 0;
}

}  // namespace

ProcessIdentity this_process() {
  static const ProcessIdentity machine{boot_id(), pid_namespace(), 0, 0};
  ProcessIdentity process = machine;
  process.pid = getpid();
  process.start = process_start_ticks(getpid()).value_or(0);
  return process;
}

Presence presence_of(const ProcessIdentity& process) {
  const ProcessIdentity here = this_process();
  if (process.boot.empty() || process.boot != here.boot ||
      process.pid_namespace != here.pid_namespace) {
    return Presence::out_of_sight;
  }
  return process_start_ticks(static_cast<pid_t>(process.pid)) == process.start ? Presence::alive
                                                                               : Presence::gone;
}

std::optional<std::int64_t> process_start_ticks(pid_t pid) {
  std::istringstream fields = stat_fields(std::to_string(pid));
  std::string state;
  fields >> state;                                        // field 3
  if (state == "Z" || state == "X") return std::nullopt;  // dead, but not yet reaped
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  std::int64_t start = 0;
  if (!(fields >> start)) return std::nullopt;
  return start;
}

std::optional<std::chrono::duration<double>> age_of_this_process() {
  const auto started = process_start_ticks(getpid());
  std::ifstream in("/proc/uptime");
  double uptime = 0;
  if (!started || !(in >> uptime)) return std::nullopt;
  const auto ticks_a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return std::chrono::duration<double>(uptime - static_cast<double>(*started) / ticks_a_second);
}

std::optional<std::int64_t> peak_memory() {
  return bytes_in(kOwnStatus, "VmHWM");
}

std::optional<std::int64_t> peak_memory_of(const std::function<void()>& action) {
  malloc_trim(0);  // freed memory that the process still holds would hide what the action uses
  reset_peak_memory();
  const auto before = bytes_in(kOwnStatus, "VmRSS");
  action();
  const auto peak = peak_memory();
  if (!before || !peak) return std::nullopt;
  return std::max<std::int64_t>(0, *peak - *before);
}

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets VmHWM
}

}  // namespace epochal

// What /proc says of processes: start times and peak memory.

#include "framework/hardware/process.h"

#include <fstream>
#include <sstream>
#include <string>

namespace epochal {

std::optional<std::int64_t> process_start_ticks(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;

  // The name in parentheses may contain anything; fields are counted from behind its last ')'.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string state;
  fields >> state;                                        // field 3
  if (state == "Z" || state == "X") return std::nullopt;  // dead, only not yet reaped
  std::string skipped;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  std::int64_t start = 0;
  if (!(fields >> start)) return std::nullopt;
  return start;
}

std::optional<std::int64_t> peak_memory() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("VmHWM:")) continue;
    std::istringstream fields(line.substr(6));
    std::int64_t kibibytes = 0;
    if (fields >> kibibytes) return kibibytes * 1024;
  }
  return std::nullopt;
}

void reset_peak_memory() {
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets VmHWM
}

}  // namespace epochal

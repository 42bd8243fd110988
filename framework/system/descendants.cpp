// /proc, from this process downwards.

#include "framework/system/descendants.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "framework/system/proc_file.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProcesses = 4096;

void add_children(const std::string& process, std::vector<std::string>& processes) {
  std::error_code gone;
  fs::directory_iterator thread("/proc/" + process + "/task", gone);
  for (; !gone && thread != fs::directory_iterator(); thread.increment(gone)) {
    std::ifstream in(thread->path() / "children");
    for (std::string child; in >> child && processes.size() < kMostProcesses;) {
      processes.push_back(child);
    }
  }
}

void add_cpu(const std::string& process, ProcessUse& use) {
  std::ifstream in("/proc/" + process + "/stat");
  std::string line;
  std::getline(in, line);
  // The name in parentheses may contain anything; fields are counted from behind its last ')'.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double ticks = 0;
  for (int field = 14; field < 18; ++field) {  // utime, stime, cutime, cstime
    double part = 0;
    if (fields >> part) ticks += part;
  }
  use.cpu += std::chrono::duration<double>(ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

std::int64_t bytes_of(const std::string& process, std::string_view key) {
  const std::string value = value_in("/proc/" + process + "/status", key, ':');
  return std::strtoll(value.c_str(), nullptr, 10) * 1024;
}

}  // namespace

ProcessUse use_of_descendants() {
  std::vector<std::string> processes;
  add_children("self", processes);
  ProcessUse use;
  for (std::size_t i = 0; i < processes.size(); ++i) {
    const std::string process = processes[i];
    add_cpu(process, use);
    use.resident_bytes += bytes_of(process, "VmRSS");
    use.peak_bytes += bytes_of(process, "VmHWM");
    add_children(process, processes);
  }
  return use;
}

}  // namespace epochal

// Who this machine is: /proc, os-release, the control group's limit and NVML.

#include "framework/hardware/host.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

#include "framework/hardware/nvml.h"

namespace epochal {
namespace {

std::string trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '"' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// The value of the first line "key<separator>value" of a file; empty if there is none.
std::string value_in(const char* file, std::string_view key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(separator);
    if (at == std::string::npos || trimmed(line.substr(0, at)) != key) continue;
    return trimmed(line.substr(at + 1));
  }
  return {};
}

std::int64_t machine_memory() {
  const std::string text = value_in("/proc/meminfo", "MemTotal", ':');  // "24576000 kB"
  return text.empty() ? 0 : std::strtoll(text.c_str(), nullptr, 10) * 1024;
}

/// The limit of this process's control group (version 2), the tightest on its way to the root.
std::int64_t control_group_memory() {
  std::ifstream in("/proc/self/cgroup");
  std::string path;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("0::")) path = line.substr(3);
  }
  std::int64_t tightest = 0;
  while (!path.empty()) {
    std::ifstream limit("/sys/fs/cgroup" + path + "/memory.max");
    std::int64_t bytes = 0;
    if (limit >> bytes && bytes > 0) tightest = tightest == 0 ? bytes : std::min(tightest, bytes);
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
  return tightest;
}

std::string operating_system() {
  std::string text = value_in("/etc/os-release", "PRETTY_NAME", '=');
  utsname kernel{};
  if (uname(&kernel) == 0) {
    text += (text.empty() ? "" : ", ") + std::string(kernel.sysname) + " " + kernel.release;
  }
  return text;
}

}  // namespace

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

int usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return std::max(1, CPU_COUNT(&cores));
}

Host probe_host() {
  Host host;
  host.name = host_name();
  host.cpu = value_in("/proc/cpuinfo", "model name", ':');
  host.cores = usable_cores();
  host.memory_bytes = machine_memory();
  if (const std::int64_t limit = control_group_memory(); limit > 0) {
    host.memory_bytes = std::min(host.memory_bytes, limit);
  }
  host.gpu = probe_gpu();
  host.os = operating_system();
  return host;
}

}  // namespace epochal

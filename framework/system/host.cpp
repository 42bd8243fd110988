// Describes this machine from /proc, os-release, the control group's limit and NVML.

#include "framework/system/host.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sstream>

#include "framework/system/memory.h"
#include "framework/system/nvml.h"
#include "framework/system/proc_file.h"

namespace epochal {
namespace {

std::string operating_system() {
  std::string text = value_in("/etc/os-release", "PRETTY_NAME", '=');
  utsname kernel{};
  if (uname(&kernel) == 0) {
    text += (text.empty() ? "" : ", ") + std::string(kernel.sysname) + " " + kernel.release;
  }
  return text;
}

}  // namespace

bool is_gpu(const std::string& device) {
  return device.starts_with("cuda");
}

std::string device_name(const std::string& device) {
  if (!is_gpu(device)) return device;
  const auto gpu = probe_gpu();
  return gpu && !gpu->name.empty() ? device + " " + gpu->name : device;
}

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
  host.memory_bytes = bytes_in("/proc/meminfo", "MemTotal").value_or(0);
  if (const auto limit = control_group_memory_limit()) {
    host.memory_bytes = std::min(host.memory_bytes, *limit);
  }
  if (const auto gpu = probe_gpu()) {
    host.gpu = gpu->name;
    host.gpu_memory_bytes = gpu->memory_bytes;
    host.gpu_driver = gpu->driver;
  }
  host.os = operating_system();
  return host;
}

std::vector<std::string> visible_gpus() {
  std::vector<std::string> gpus;
  if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES")) {
    std::istringstream names(visible);
    for (std::string name; std::getline(names, name, ',');) gpus.push_back(name);
    return gpus;
  }
  for (int i = 0; i < nvml_gpu_count(); ++i) gpus.push_back(std::to_string(i));
  return gpus;
}

}  // namespace epochal

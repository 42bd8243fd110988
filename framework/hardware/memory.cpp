// /proc/meminfo and the control group's files.

#include "framework/hardware/memory.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>

#include "framework/hardware/proc_file.h"

namespace epochal {
namespace {

/// Calls `look` with the folder of this process's control group and of each above it.
void for_each_control_group(const std::function<void(const std::string&)>& look) {
  std::ifstream in("/proc/self/cgroup");
  std::string path;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("0::")) path = line.substr(3);
  }
  while (!path.empty()) {
    look("/sys/fs/cgroup" + path);
    const std::size_t slash = path.rfind('/');
    path.resize(slash == std::string::npos ? 0 : slash);
  }
}

std::optional<std::int64_t> number_in(const std::string& file) {
  std::ifstream in(file);
  std::int64_t number = 0;
  if (in >> number) return number;
  return std::nullopt;  // "max", or no such file
}

std::optional<std::int64_t> smaller(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// What a group with a limit has left; its cached files can be let go of.
std::optional<std::int64_t> left_in(const std::string& group) {
  const auto limit = number_in(group + "/memory.max");
  const auto used = number_in(group + "/memory.current");
  if (!limit || !used) return std::nullopt;
  const std::string cached = value_in(group + "/memory.stat", "inactive_file", ' ');
  const std::int64_t reclaimable = cached.empty() ? 0 : std::strtoll(cached.c_str(), nullptr, 10);
  return std::max<std::int64_t>(0, *limit - *used + reclaimable);
}

}  // namespace

std::optional<std::int64_t> control_group_memory_limit() {
  std::optional<std::int64_t> tightest;
  for_each_control_group([&](const std::string& group) {
    const auto limit = number_in(group + "/memory.max");
    if (limit && *limit > 0) tightest = smaller(tightest, limit);
  });
  return tightest;
}

std::optional<std::int64_t> available_memory() {
  std::optional<std::int64_t> available;
  const std::string machine = value_in("/proc/meminfo", "MemAvailable", ':');  // "24576000 kB"
  if (!machine.empty()) available = std::strtoll(machine.c_str(), nullptr, 10) * 1024;
  for_each_control_group(
      [&](const std::string& group) { available = smaller(available, left_in(group)); });
  return available;
}

}  // namespace epochal

// /proc/meminfo and the files of the control group, version 1 or 2.

#include "framework/system/memory.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "framework/system/proc_file.h"

namespace epochal {
namespace {

/// The folder of a memory control group, and the file names of its version.
struct ControlGroup {
  std::string folder;
  const char* limit;
  const char* used;
  const char* cached;  ///< in memory.stat: cached files that can be dropped
};

ControlGroup control_group(const std::string& path, bool is_version_2) {
  if (is_version_2) {
    return {"/sys/fs/cgroup" + path, "/memory.max", "/memory.current", "inactive_file"};
  }
  return {"/sys/fs/cgroup/memory" + path, "/memory.limit_in_bytes", "/memory.usage_in_bytes",
          "total_inactive_file"};
}

/// The memory control group of this process and each above it. Lines of /proc/self/cgroup are
/// "0::/path" (version 2) or "4:cpu,memory:/path" (version 1).
std::vector<ControlGroup> control_groups() {
  std::vector<ControlGroup> groups;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_version_2 = line.starts_with("0::");
    if (!is_version_2 && controllers.find(",memory,") == std::string::npos) continue;
    std::string path = line.substr(second + 1);
    if (path == "/") path.clear();
    groups.push_back(control_group(path, is_version_2));
    while (!path.empty()) {
      const std::size_t slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
      groups.push_back(control_group(path, is_version_2));
    }
  }
  return groups;
}

std::optional<std::int64_t> number_in(const std::string& file) {
  std::ifstream in(file);
  std::int64_t number = 0;
  if (in >> number) return number;
  return std::nullopt;  // "max", or no such file
}

/// Version 1 writes "no limit" as a huge number.
std::optional<std::int64_t> limit_of(const ControlGroup& group) {
  constexpr std::int64_t kNoLimit = 1LL << 60;
  const auto limit = number_in(group.folder + group.limit);
  if (!limit || *limit <= 0 || *limit >= kNoLimit) return std::nullopt;
  return limit;
}

std::optional<std::int64_t> smaller(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// The free memory of a group with a limit.
std::optional<std::int64_t> left_in(const ControlGroup& group) {
  const auto limit = limit_of(group);
  const auto used = number_in(group.folder + group.used);
  if (!limit || !used) return std::nullopt;
  const std::string cached = value_in(group.folder + "/memory.stat", group.cached, ' ');
  const std::int64_t reclaimable = cached.empty() ? 0 : std::strtoll(cached.c_str(), nullptr, 10);
  return std::max<std::int64_t>(0, *limit - *used + reclaimable);
}

}  // namespace

std::optional<std::int64_t> control_group_memory_limit() {
  std::optional<std::int64_t> tightest;
  for (const ControlGroup& group : control_groups()) tightest = smaller(tightest, limit_of(group));
  return tightest;
}

std::optional<std::int64_t> available_memory() {
  std::optional<std::int64_t> available = bytes_in("/proc/meminfo", "MemAvailable");
  for (const ControlGroup& group : control_groups()) available = smaller(available, left_in(group));
  return available;
}

}  // namespace epochal

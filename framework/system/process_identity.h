#pragma once

#include <cstdint>
#include <string>

namespace epochal {

/// Identifies one process among all that may share a store: pids are reused, and each machine, boot
/// and container has its own.
struct ProcessIdentity {
  std::string boot;                ///< the kernel's boot id; empty if unknown
  std::int64_t pid_namespace = 0;  ///< inode of the pid namespace
  std::int64_t pid = 0;
  std::int64_t start = 0;  ///< clock ticks since boot

  bool operator==(const ProcessIdentity&) const = default;
};

}  // namespace epochal

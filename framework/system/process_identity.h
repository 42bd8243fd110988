#pragma once

#include <cstdint>
#include <string>

namespace epochal {

/// Names one process among all that may share a store: pids are used again, and each machine, boot
/// and container counts its own.
struct ProcessIdentity {
  std::string boot;                ///< the kernel's boot id; empty where it is not known
  std::int64_t pid_namespace = 0;  ///< inode of the pid namespace
  std::int64_t pid = 0;
  std::int64_t start = 0;  ///< clock ticks since boot

  bool operator==(const ProcessIdentity&) const = default;
};

}  // namespace epochal

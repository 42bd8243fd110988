#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <set>

namespace epochal {

/// What processes take of the machine.
struct ProcessUse {
  std::chrono::duration<double> cpu{0};  ///< of them, and of those of their children that are gone
  std::int64_t resident_bytes = 0;
  std::int64_t peak_bytes = 0;  ///< sum of what each held at most
};

/// Of the processes that this one has started, and those that they have started, which are there
/// now. Those that the system does not show are left out.
ProcessUse use_of_descendants();

/// The children of this process: those that it has started, and, where it is a subreaper of Linux,
/// those whose parents are gone.
std::set<pid_t> children();

/// Kills the children of this process that are not among these, and theirs, until all are gone; or
/// gives up after a few seconds: of some the kernel does not let go, others belong to another user.
void kill_children_but(const std::set<pid_t>& spared);

}  // namespace epochal

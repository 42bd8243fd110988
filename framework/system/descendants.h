#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <set>

namespace epochal {

/// The resources that processes use.
struct ProcessUse {
  std::chrono::duration<double> cpu{0};  ///< of the processes and their ended children
  std::int64_t resident_bytes = 0;
  std::int64_t peak_bytes = 0;  ///< sum of the peaks of each
};

/// The resources of all running descendants of this process. Leaves out processes that the system
/// does not show.
ProcessUse use_of_descendants();

/// The children of this process: those that it has started, and, if it is a Linux subreaper, also
/// orphaned descendants.
std::set<pid_t> children();

/// Kills the children of this process except these, and their descendants, until all are gone.
/// Gives up after a few seconds: some hang in the kernel, others belong to another user.
void kill_children_but(const std::set<pid_t>& spared);

}  // namespace epochal

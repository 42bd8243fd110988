#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

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

}  // namespace epochal

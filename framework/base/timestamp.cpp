// The time of day.

#include "framework/base/timestamp.h"

#include <chrono>

namespace epochal {

Timestamp now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since_1970).count();
}

}  // namespace epochal

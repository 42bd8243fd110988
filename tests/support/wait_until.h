#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace epochal::test {

/// Asks again and again until it is so; false if it is not so in time.
inline bool wait_until(const std::function<bool()>& is_so,
                       std::chrono::seconds patience = std::chrono::seconds(30)) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace epochal::test

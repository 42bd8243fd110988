#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace epochal::test {

/// Asks again and again until it is so; false if it is not after 30 seconds.
inline bool wait_until(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace epochal::test

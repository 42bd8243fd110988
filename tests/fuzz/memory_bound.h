#pragma once

#include <cstddef>

namespace epochal::fuzz {

/// How many bytes of heap a reader may use at once for each byte that it reads.
constexpr std::size_t kMostTimesItsSize = 50;

/// What the program takes whatever it reads: SQLite's cache of pages, buffers of streams, tables
/// that are made when they are first used. Small inputs would be over the bound by these alone.
constexpr std::size_t kAllowance = 16 << 20;

/// While it lives, the process is aborted at the very allocation with which the heap grows by more
/// than kMostTimesItsSize times the input and an allowance, so that the report names the culprit.
/// All threads count; memory that was there before does not. One at a time.
class MemoryBound {
 public:
  explicit MemoryBound(std::size_t input_size, std::size_t allowance = kAllowance);
  ~MemoryBound();
  MemoryBound(const MemoryBound&) = delete;
  MemoryBound& operator=(const MemoryBound&) = delete;
};

}  // namespace epochal::fuzz

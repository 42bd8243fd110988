#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace epochal {

/// Memory that begins at a multiple of 64 bytes: oneDNN's code may store whole vectors past the
/// caches, which faults elsewhere.
template <typename Value>
struct AlignedAllocator {
  using value_type = Value;
  static constexpr std::align_val_t kAlignment{64};

  AlignedAllocator() = default;
  template <typename Other>
  explicit AlignedAllocator(const AlignedAllocator<Other>& /*other*/) {}

  Value* allocate(std::size_t count) {
    return static_cast<Value*>(::operator new(count * sizeof(Value), kAlignment));
  }
  void deallocate(Value* memory, std::size_t /*count*/) { ::operator delete(memory, kAlignment); }

  bool operator==(const AlignedAllocator& /*other*/) const { return true; }
};

template <typename Value>
using AlignedVector = std::vector<Value, AlignedAllocator<Value>>;

}  // namespace epochal

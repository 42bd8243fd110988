// The heap in use, counted by the hooks of the address sanitizer's allocator.

#include "tests/fuzz/memory_bound.h"

#include <sanitizer/allocator_interface.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace epochal::fuzz {
namespace {

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max();

std::atomic<std::int64_t> in_use = 0;
std::atomic<std::int64_t> most = kUnbounded;
std::atomic<std::size_t> size_of_input = 0;

void allocated(const volatile void* /*memory*/, std::size_t size) {
  const std::int64_t now = in_use += static_cast<std::int64_t>(size);
  if (now <= most) return;
  most = kUnbounded;  // what is printed may allocate too
  std::fprintf(
      stderr,
      "==ERROR: over the memory bound: an input of %zu bytes has %lld bytes of heap in use\n",
      size_of_input.load(), static_cast<long long>(now));
  std::abort();
}

void freed(const volatile void* memory) {
  if (memory != nullptr)
    in_use -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(memory));
}

}  // namespace

MemoryBound::MemoryBound(std::size_t input_size, std::size_t allowance) {
  static const int installed = __sanitizer_install_malloc_and_free_hooks(allocated, freed);
  if (installed == 0) std::abort();
  size_of_input = input_size;
  in_use = 0;
  most = static_cast<std::int64_t>(kMostTimesItsSize * input_size + allowance);
}

MemoryBound::~MemoryBound() {
  most = kUnbounded;
}

}  // namespace epochal::fuzz

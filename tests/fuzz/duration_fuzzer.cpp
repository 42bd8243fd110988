// libFuzzer harness: a length of time from a command line. It is refused with an Error, or is more
// than nothing and no more than what nanoseconds in 64 bits can count.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "framework/base/duration.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const epochal::fuzz::MemoryBound bound(size);
  try {
    constexpr double kLongest = 1e9;
    const double seconds = epochal::parse_duration(text, "budget").count();
    if (!(seconds > 0 && seconds <= kLongest)) std::abort();
  } catch (const epochal::Error&) {  // a refusal is what strangers' texts deserve
  }
  return 0;
}

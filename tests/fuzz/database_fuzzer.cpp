// libFuzzer harness: the bytes of a stranger's store. An input is a database, or else changes of a
// sound one: three bytes for where, one for how many, and so many bytes to put there.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "tests/fuzz/hostile_store.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/fuzz/store_reading.h"

namespace {

/// What a row may claim for itself, and again for a value of it, before SQLite finds out that they
/// are not there (see open_database).
constexpr std::size_t kLongestValue = 32 << 20;

std::string changed(std::string database, std::span<const std::uint8_t> changes) {
  while (changes.size() > 4) {
    const std::size_t start = (changes[0] << 16 | changes[1] << 8 | changes[2]) % database.size();
    const std::size_t length =
        std::min({std::size_t{changes[3]}, changes.size() - 4, database.size() - start});
    std::copy_n(changes.begin() + 4, length, database.begin() + static_cast<long>(start));
    changes = changes.subspan(4 + length);
  }
  return database;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace epochal::fuzz;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string database = input.starts_with("SQLite format 3")
                                   ? std::string(input)
                                   : changed(sound_database(), {data, size});
  const std::filesystem::path folder = store_of(database);
  const MemoryBound bound(database.size(), kAllowance + 2 * kLongestValue);
  read_store(folder);
  return 0;
}

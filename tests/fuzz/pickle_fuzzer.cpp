// libFuzzer harness: the pickles of a weights file from a stranger, read as a legacy file holds
// them, one behind the other. Anything but an Error is a fault.

#include <cstddef>
#include <cstdint>
#include <span>

#include "experiments/torch/weights/pickle_reader.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const epochal::fuzz::MemoryBound bound(size);
  const auto attempt = [&](const auto& read) {
    try {
      epochal::PickleReader reader(bytes, "fuzz.pth");
      read(reader);
    } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
    }
  };
  attempt([](epochal::PickleReader& reader) {
    reader.read_hex_integer();
    reader.skip();
    reader.skip();
    reader.read_state_dict();
    reader.read_text_list();
  });
  attempt([](epochal::PickleReader& reader) { reader.read_state_dict(); });
  return 0;
}

// libFuzzer harness: the containers of weights files from a stranger. Zip archives are opened,
// their pickle is read and each storage that it names; anything else is taken for a safetensors
// file. Anything but an Error is a fault.

#include <cstddef>
#include <cstdint>
#include <span>

#include "experiments/torch/weights/pickle_reader.h"
#include "experiments/torch/weights/safetensors_header.h"
#include "experiments/torch/weights/zip_archive.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"

namespace {

void read_zip(std::span<const std::byte> bytes) {
  const epochal::ZipArchive archive(bytes, "fuzz.pth");
  const std::string name = archive.find("data.pkl");
  if (name.empty()) return;
  const std::vector<std::byte> pickle = archive.read(name);
  for (const auto& [key, tensor] : epochal::PickleReader(pickle, "fuzz.pth").read_state_dict()) {
    archive.read("archive/data/" + tensor.storage.key);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const epochal::fuzz::MemoryBound bound(size);
  try {
    if (size > 2 && data[0] == 'P' && data[1] == 'K') {
      read_zip(bytes);
    } else {
      epochal::read_safetensors_header(bytes, "fuzz.safetensors");
    }
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  return 0;
}

// libFuzzer harness: the file that tells workers where their runs come from. Anything but an Error
// is a fault.

#include <cstddef>
#include <cstdint>
#include <string>

#include "framework/base/error.h"
#include "framework/runner/provenance.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/support/temporary_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::filesystem::path file = epochal::fuzz::empty_folder() / "provenance.json";
  epochal::test::write_file(file, std::string(reinterpret_cast<const char*>(data), size));
  const epochal::fuzz::MemoryBound bound(size);
  try {
    epochal::ProvenanceFile::read(file);
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  return 0;
}

// libFuzzer harness: a file store of MLflow from a stranger. Anything but an Error is a fault.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "db/exchange/imported_runs.h"
#include "framework/base/error.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/memory_bound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::filesystem::path folder = epochal::fuzz::empty_folder();
  epochal::fuzz::write_files({reinterpret_cast<const char*>(data), size}, folder);
  const epochal::fuzz::MemoryBound bound(size);
  try {
    epochal::store::mlflow_runs(folder);
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  return 0;
}

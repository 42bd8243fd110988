// libFuzzer harness: an image from a stranger, decoded as it is, and scaled down and up. Anything
// but an Error is a fault.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "experiments/torch/images/image_file.h"
#include "experiments/torch/images/image_header.h"
#include "framework/base/error.h"
#include "tests/fuzz/input_files.h"
#include "tests/fuzz/memory_bound.h"
#include "tests/support/temporary_folder.h"

namespace {

// Images may claim a hundred million pixels (kMostPixels), which take seconds whoever decodes them.
// What goes wrong with so many goes wrong with these.
constexpr std::uint64_t kMostClaimed = 1 << 20;

// A picture is larger than its file by its nature, but not than what its header claims: RGBA, RGB,
// the same turned upright, and the coefficients of a progressive JPEG.
constexpr std::uint64_t kBytesAPixel = 24;

template <typename Read>
void attempt(const Read& read) {
  try {
    if (read().empty()) std::abort();
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = epochal::read_image_header(std::as_bytes(std::span(data, size)));
  std::uint64_t claimed = 0;
  if (header) {
    if (header->width > kMostClaimed / header->height) return 0;
    claimed = header->width * header->height;
  }
  const std::filesystem::path file = epochal::fuzz::empty_folder() / "image";
  epochal::test::write_file(file, std::string(reinterpret_cast<const char*>(data), size));
  const epochal::fuzz::MemoryBound bound(size, epochal::fuzz::kAllowance + kBytesAPixel * claimed);
  attempt([&] { return epochal::read_image(file); });
  attempt([&] { return epochal::read_image_scaled(file, 3); });
  attempt([&] { return epochal::read_image_scaled(file, 200); });
  return 0;
}

// libFuzzer harness: the headers of image files from a stranger. No size of zero may come out, and
// no orientation that does not exist.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "experiments/torch/images/exif_orientation.h"
#include "experiments/torch/images/image_header.h"
#include "tests/fuzz/memory_bound.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const epochal::fuzz::MemoryBound bound(size);
  const auto header = epochal::read_image_header(bytes);
  if (!header) return 0;
  if (header->width == 0 || header->height == 0) std::abort();
  const int orientation = static_cast<int>(epochal::read_image_orientation(bytes, header->format));
  if (orientation < 1 || orientation > 8) std::abort();
  return 0;
}

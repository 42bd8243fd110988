// libFuzzer harness: the headers of image files from a stranger. No size of zero may come out.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "experiments/torch/image_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto header = epochal::read_image_header(std::as_bytes(std::span(data, size)));
  if (header && (header->width == 0 || header->height == 0)) std::abort();
  return 0;
}

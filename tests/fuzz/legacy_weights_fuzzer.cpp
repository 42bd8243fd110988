// libFuzzer harness: a weights file from a stranger in PyTorch's format before 1.6, down to the
// numbers. Anything but an Error is a fault, and so is a tensor that reaches out of its storage.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "experiments/torch/weights/pickled_weights.h"
#include "framework/base/error.h"
#include "tests/fuzz/memory_bound.h"

namespace {

/// Elements up to the last one that the view reaches; 0 where it has none.
std::uint64_t reach_of(const epochal::PickledTensor& tensor) {
  auto last = static_cast<std::uint64_t>(tensor.offset);
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    if (tensor.shape[i] == 0) return 0;
    last += static_cast<std::uint64_t>(tensor.shape[i] - 1) *
            static_cast<std::uint64_t>(tensor.strides.at(i));
  }
  return last + 1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const epochal::fuzz::MemoryBound bound(size);
  try {
    const auto weights =
        epochal::read_legacy_weights(std::as_bytes(std::span(data, size)), "fuzz.pth");
    for (const auto& [name, tensor] : weights.tensors) {
      const std::uint64_t held = weights.storages.at(tensor.storage.key).size();
      if (reach_of(tensor) > held / c10::elementSize(tensor.storage.type)) std::abort();
    }
  } catch (const epochal::Error&) {  // a refusal is what strangers' files deserve
  }
  return 0;
}

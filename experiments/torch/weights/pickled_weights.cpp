// Where the numbers of pickled tensors lie, and what copies of them may take. Apart from
// weights_file.cpp, which makes tensors of them, for the fuzzers' sake (see pickle_reader.h).

#include "experiments/torch/weights/pickled_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;

void refuse_weights(const fs::path& file, const std::string& why) {
  throw Error("the weights file cannot be read: " + why, file,
              "save a plain state_dict with torch.save, or as safetensors");
}

std::uint64_t bytes_of(const PickledStorage& storage) {
  return static_cast<std::uint64_t>(storage.elements) * c10::elementSize(storage.type);
}

void check_size(const std::map<std::string, PickledTensor>& tensors, const fs::path& file,
                std::uint64_t file_size) {
  constexpr std::uint64_t kMostTimes = 4;
  constexpr std::uint64_t kSmall = 64 << 20;
  std::uint64_t left = kMostTimes * file_size + kSmall;
  for (const auto& [name, tensor] : tensors) {
    std::uint64_t size =
        std::max<std::size_t>(sizeof(float), c10::elementSize(tensor.storage.type));
    const auto multiply = [&](std::uint64_t times) {
      if (times != 0 && size > left / times) {
        refuse_weights(
            file, fmt::format("its tensors would take more than {} times the file", kMostTimes));
      }
      size *= times;
    };
    multiply(1);  // a single number has no extents, and may be one too many
    for (const std::int64_t extent : tensor.shape) multiply(static_cast<std::uint64_t>(extent));
    left -= size;
  }
}

LegacyWeights read_legacy_weights(std::span<const std::byte> bytes, const fs::path& file) {
  constexpr std::string_view kMagic = "1950a86a20f9469cfc6c";
  PickleReader pickles(bytes, file.string());
  if (pickles.read_hex_integer() != kMagic) refuse_weights(file, "it is not a weights file");
  pickles.skip();
  pickles.skip();
  LegacyWeights weights;
  weights.tensors = pickles.read_state_dict();
  check_size(weights.tensors, file, bytes.size());
  const std::vector<std::string> keys = pickles.read_text_list();

  std::map<std::string, std::uint64_t> element_size;
  for (const auto& [name, tensor] : weights.tensors) {
    element_size[tensor.storage.key] = c10::elementSize(tensor.storage.type);
  }
  std::span<const std::byte> rest = bytes.subspan(pickles.position());
  for (const std::string& key : keys) {
    std::uint64_t elements = 0;
    if (rest.size() < sizeof elements) refuse_weights(file, "it is cut short");
    std::memcpy(&elements, rest.data(), sizeof elements);
    rest = rest.subspan(sizeof elements);
    const auto size = element_size.find(key);
    if (size == element_size.end()) {
      refuse_weights(file, "it has a storage that no tensor uses");
    }
    if (elements > rest.size() / size->second) refuse_weights(file, "it is cut short");
    weights.storages[key] = rest.first(elements * size->second);
    rest = rest.subspan(elements * size->second);
  }
  for (const auto& [name, tensor] : weights.tensors) {
    const auto storage = weights.storages.find(tensor.storage.key);
    if (storage == weights.storages.end() || bytes_of(tensor.storage) > storage->second.size()) {
      refuse_weights(
          file, fmt::format("the storage of '{}' is missing or cut short", name.substr(0, 80)));
    }
  }
  return weights;
}

}  // namespace epochal

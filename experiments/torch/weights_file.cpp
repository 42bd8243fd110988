// The three containers of weights: zip with a pickle, pickles with raw storages behind,
// safetensors.

#include "experiments/torch/weights_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "experiments/torch/mapped_file.h"
#include "experiments/torch/pickle_reader.h"
#include "experiments/torch/zip_archive.h"
#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using Bytes = std::span<const std::byte>;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error("the weights file cannot be read: " + why, file,
              "save a plain state_dict with torch.save, or as safetensors");
}

bool begins_with(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

/// A copy of the view of a storage's bytes, float types as float32.
torch::Tensor tensor_from(const PickledTensor& pickled, Bytes storage) {
  const torch::TensorOptions options = torch::TensorOptions().dtype(pickled.storage.type);
  // from_blob wants a pointer that it may write through; the copy below only reads.
  auto* data = const_cast<std::byte*>(storage.data()) +
               static_cast<std::size_t>(pickled.offset) * torch::elementSize(pickled.storage.type);
  const torch::Tensor view = torch::from_blob(data, pickled.shape, pickled.strides, options);
  const bool is_float = torch::isFloatingType(pickled.storage.type);
  return view.to(is_float ? torch::kFloat32 : pickled.storage.type, /*non_blocking=*/false,
                 /*copy=*/true, at::MemoryFormat::Contiguous);
}

NamedTensors with_single_precision(NamedTensors tensors) {
  for (auto& [name, tensor] : tensors) {
    if (torch::isFloatingType(tensor.scalar_type())) tensor = tensor.to(torch::kFloat32);
  }
  return tensors;
}

std::uint64_t bytes_of(const PickledStorage& storage) {
  return static_cast<std::uint64_t>(storage.elements) * torch::elementSize(storage.type);
}

/// Each view is copied: those of one storage could take a thousand times the file. Tied weights are
/// few.
void check_size(const std::map<std::string, PickledTensor>& tensors, const fs::path& file,
                Bytes bytes) {
  constexpr std::uint64_t kMostTimes = 4;
  constexpr std::uint64_t kSmall = 64 << 20;
  std::uint64_t left = kMostTimes * bytes.size() + kSmall;
  for (const auto& [name, tensor] : tensors) {
    std::uint64_t size =
        std::max<std::size_t>(sizeof(float), torch::elementSize(tensor.storage.type));
    for (const std::int64_t extent : tensor.shape) {
      const auto times = static_cast<std::uint64_t>(extent);
      if (times != 0 && size > left / times) {
        refuse(file, fmt::format("its tensors would take more than {} times the file", kMostTimes));
      }
      size *= times;
    }
    left -= size;
  }
}

// --- zip ---------------------------------------------------------------------------------------

NamedTensors read_zip(const fs::path& file, Bytes bytes) {
  const ZipArchive archive(bytes, file);
  // "archive/data.pkl", the folder being called as the writer liked.
  const std::string pickle_name = archive.find("data.pkl");
  if (pickle_name.empty()) refuse(file, "its zip archive holds no data.pkl");
  const std::string folder = pickle_name.substr(0, pickle_name.size() - std::strlen("data.pkl"));
  const std::vector<std::byte> pickle = archive.read(pickle_name);

  // Storages one after the other, so that a large file is not in memory twice.
  std::map<std::string, std::vector<std::pair<std::string, PickledTensor>>> by_storage;
  std::map<std::string, PickledTensor> described =
      PickleReader(pickle, file.string()).read_state_dict();
  check_size(described, file, bytes);
  for (auto& [name, tensor] : described) {
    by_storage[tensor.storage.key].emplace_back(name, std::move(tensor));
  }
  NamedTensors tensors;
  for (const auto& [key, views] : by_storage) {
    const std::vector<std::byte> storage = archive.read(folder + "data/" + key);
    for (const auto& [name, tensor] : views) {
      if (bytes_of(tensor.storage) > storage.size()) {
        refuse(file, fmt::format("the storage of '{}' is cut short", name.substr(0, 80)));
      }
      tensors[name] = tensor_from(tensor, storage);
    }
  }
  return tensors;
}

// --- legacy: magic number, protocol, system, state_dict, list of keys, then each storage as its
// number of elements and its raw bytes -----------------------------------------------------------

constexpr std::string_view kLegacyMagic = "1950a86a20f9469cfc6c";

NamedTensors read_legacy(const fs::path& file, Bytes bytes) {
  PickleReader pickles(bytes, file.string());
  if (pickles.read_hex_integer() != kLegacyMagic) refuse(file, "it is no weights file");
  pickles.skip();
  pickles.skip();
  const std::map<std::string, PickledTensor> described = pickles.read_state_dict();
  check_size(described, file, bytes);
  const std::vector<std::string> keys = pickles.read_text_list();

  std::map<std::string, std::uint64_t> element_size;
  for (const auto& [name, tensor] : described) {
    element_size[tensor.storage.key] = torch::elementSize(tensor.storage.type);
  }
  std::map<std::string, Bytes> storages;
  Bytes rest = bytes.subspan(pickles.position());
  for (const std::string& key : keys) {
    std::uint64_t elements = 0;
    if (rest.size() < sizeof elements) refuse(file, "it is cut short");
    std::memcpy(&elements, rest.data(), sizeof elements);
    rest = rest.subspan(sizeof elements);
    const auto size = element_size.find(key);
    if (size == element_size.end()) refuse(file, "it holds a storage that no tensor uses");
    if (elements > rest.size() / size->second) refuse(file, "it is cut short");
    storages[key] = rest.first(elements * size->second);
    rest = rest.subspan(elements * size->second);
  }

  NamedTensors tensors;
  for (const auto& [name, tensor] : described) {
    const auto storage = storages.find(tensor.storage.key);
    if (storage == storages.end() || bytes_of(tensor.storage) > storage->second.size()) {
      refuse(file, fmt::format("the storage of '{}' is missing or cut short", name.substr(0, 80)));
    }
    // The raw bytes follow pickles of any length: they need not be aligned.
    const std::vector<std::byte> aligned(storage->second.begin(), storage->second.end());
    tensors[name] = tensor_from(tensor, aligned);
  }
  return tensors;
}

}  // namespace

NamedTensors read_weights(const fs::path& file) {
  const MappedFile mapped(file);
  const Bytes bytes = mapped.bytes();
  if (begins_with(bytes, "PK\x03\x04")) return read_zip(file, bytes);
  if (begins_with(bytes, "\x80\x02")) return read_legacy(file, bytes);
  const bool is_safetensors = bytes.size() > 8 && static_cast<char>(bytes[8]) == '{';
  if (is_safetensors) return with_single_precision(read_safetensors(file));
  refuse(file, "it is neither a PyTorch nor a safetensors file");
}

}  // namespace epochal

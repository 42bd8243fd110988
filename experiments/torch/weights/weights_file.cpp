// The three containers of weights: zip with a pickle, pickles with raw storages behind,
// safetensors.

#include "experiments/torch/weights/weights_file.h"

#include <fmt/format.h>

#include <cstring>

#include "experiments/torch/byte_fields.h"
#include "experiments/torch/weights/mapped_file.h"
#include "experiments/torch/weights/pickled_weights.h"
#include "experiments/torch/weights/zip_archive.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using ByteSpan = std::span<const std::byte>;

/// A copy of the view of a storage's bytes, float types as float32.
torch::Tensor tensor_from(const PickledTensor& pickled, ByteSpan storage) {
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

// --- zip ---------------------------------------------------------------------------------------

NamedTensors read_zip(const fs::path& file, ByteSpan bytes) {
  const ZipArchive archive(bytes, file);
  // "archive/data.pkl", the folder being called as the writer liked.
  const std::string pickle_name = archive.find("data.pkl");
  if (pickle_name.empty()) refuse_weights(file, "its zip archive has no data.pkl");
  const std::string folder = pickle_name.substr(0, pickle_name.size() - std::strlen("data.pkl"));
  const std::vector<std::byte> pickle = archive.read(pickle_name);

  // Storages one after the other, so that a large file is not in memory twice.
  std::map<std::string, std::vector<std::pair<std::string, PickledTensor>>> by_storage;
  std::map<std::string, PickledTensor> described =
      PickleReader(pickle, file.string()).read_state_dict();
  check_size(described, file, bytes.size());
  for (auto& [name, tensor] : described) {
    by_storage[tensor.storage.key].emplace_back(name, std::move(tensor));
  }
  NamedTensors tensors;
  for (const auto& [key, views] : by_storage) {
    const std::vector<std::byte> storage = archive.read(folder + "data/" + key);
    for (const auto& [name, tensor] : views) {
      if (bytes_of(tensor.storage) > storage.size()) {
        refuse_weights(file, fmt::format("the storage of '{}' is cut short", name.substr(0, 80)));
      }
      tensors[name] = tensor_from(tensor, storage);
    }
  }
  return tensors;
}

// --- legacy ------------------------------------------------------------------------------------

NamedTensors read_legacy(const fs::path& file, ByteSpan bytes) {
  const LegacyWeights weights = read_legacy_weights(bytes, file);
  NamedTensors tensors;
  for (const auto& [name, tensor] : weights.tensors) {
    const ByteSpan storage = weights.storages.at(tensor.storage.key);
    // The raw bytes follow pickles of any length: they need not be aligned.
    const std::vector<std::byte> aligned(storage.begin(), storage.end());
    tensors[name] = tensor_from(tensor, aligned);
  }
  return tensors;
}

}  // namespace

NamedTensors read_weights(const fs::path& file) {
  const MappedFile mapped(file);
  const ByteSpan bytes = mapped.bytes();
  const ByteFields fields(bytes, ByteOrder::little);
  if (fields.has(0, "PK\x03\x04")) return read_zip(file, bytes);
  if (fields.has(0, "\x80\x02")) return read_legacy(file, bytes);
  if (fields.has(8, "{")) return with_single_precision(read_safetensors(file));
  refuse_weights(file, "it is neither a PyTorch nor a safetensors file");
}

}  // namespace epochal

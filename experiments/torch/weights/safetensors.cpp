// Tensors in and out of safetensors files.

#include "experiments/torch/weights/safetensors.h"

#include <cstring>
#include <nlohmann/json.hpp>
#include <span>
#include <system_error>
#include <vector>

#include "experiments/torch/replaced_file.h"
#include "experiments/torch/weights/mapped_file.h"
#include "experiments/torch/weights/safetensors_header.h"
#include "framework/base/disk_full.h"

namespace epochal {
namespace fs = std::filesystem;

using nlohmann::json;

void write_safetensors(const fs::path& file, const NamedTensors& tensors) {
  json header = json::object();
  std::vector<torch::Tensor> stored;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    stored.push_back(tensor.detach().cpu().contiguous());
    const std::string_view type = safetensors_type_name(stored.back().scalar_type());
    if (type.empty()) throw std::logic_error("tensors of this type are not stored");
    const std::uint64_t end = offset + stored.back().nbytes();
    header[name] = {
        {"dtype", type}, {"shape", stored.back().sizes().vec()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the data starts aligned

  const std::uint64_t size = text.size();  // little-endian, as the data
  try {
    ReplacedFile out(file);
    out.write(std::as_bytes(std::span(&size, 1)));
    out.write(std::as_bytes(std::span(text)));
    for (const torch::Tensor& tensor : stored) {
      out.write({static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()});
    }
    out.give_name();
  } catch (const std::system_error& error) {
    if (is_want_of_room(error.code())) throw DiskFull(file);
    throw Error("the weights cannot be written: " + error.code().message(), file,
                "choose another file, or make room");
  }
}

void check_weights_place(const fs::path& file) {
  if (file.extension() != ".safetensors") {
    throw Error("the weights are written as safetensors, but the name does not say so", file,
                "end it in .safetensors");
  }
  std::error_code error;
  const fs::path place = fs::weakly_canonical(fs::absolute(file, error), error);
  if (fs::is_directory(place, error)) {
    throw Error("the weights cannot be written: it is a folder", file, "choose another file");
  }
  for (fs::path folder = place.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (!fs::exists(folder / "epochal.db", error)) continue;
    throw Error("this place is within a store, which only its own commands write", file,
                "choose a file outside of " + folder.string());
  }
}

NamedTensors read_safetensors(const fs::path& file) {
  const MappedFile mapped(file);
  NamedTensors tensors;
  for (const auto& [name, entry] : read_safetensors_header(mapped.bytes(), file)) {
    torch::Tensor tensor = torch::empty(entry.shape, entry.type);
    // The bytes need not be aligned in the file.
    if (!entry.data.empty()) {
      std::memcpy(tensor.data_ptr(), entry.data.data(), entry.data.size());
    }
    tensors[name] = tensor;
  }
  return tensors;
}

void round_to_float16(NamedTensors& tensors, const std::filesystem::path& file) {
  for (auto& [name, tensor] : tensors) {
    tensor = tensor.detach().to(torch::kFloat16);
    if (!tensor.isfinite().all().item<bool>()) {
      throw Error("the weights of " + name + " do not fit into float16", file,
                  "train again: a training that went well has none like these");
    }
  }
}

}  // namespace epochal

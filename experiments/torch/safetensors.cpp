// Tensors in and out of safetensors files.

#include "experiments/torch/safetensors.h"

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "experiments/torch/mapped_file.h"
#include "experiments/torch/safetensors_header.h"
#include "framework/plugin/error.h"

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

  std::ofstream out(file, std::ios::binary);
  for (int i = 0; i < 8; ++i) out.put(static_cast<char>(text.size() >> (8 * i) & 0xff));
  out << text;
  for (const torch::Tensor& tensor : stored) {
    out.write(static_cast<const char*>(tensor.data_ptr()),
              static_cast<std::streamsize>(tensor.nbytes()));
  }
  out.close();
  if (!out) throw Error("the weights cannot be written", file, "check the disk");
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

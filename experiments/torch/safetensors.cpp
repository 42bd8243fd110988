// The safetensors format, bounded: https://github.com/huggingface/safetensors#format

#include "experiments/torch/safetensors.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestHeader = 16 << 20;
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kMostTensors = 100'000;

struct StoredType {
  const char* name;
  torch::ScalarType type;
  std::uint64_t bytes;
};
// Booleans of a strange file may hold any byte: they are read as bytes.
constexpr std::array<StoredType, 9> kTypes{{{"F32", torch::kFloat32, 4},
                                            {"F16", torch::kFloat16, 2},
                                            {"BF16", torch::kBFloat16, 2},
                                            {"F64", torch::kFloat64, 8},
                                            {"I64", torch::kInt64, 8},
                                            {"I32", torch::kInt32, 4},
                                            {"I16", torch::kInt16, 2},
                                            {"U8", torch::kUInt8, 1},
                                            {"BOOL", torch::kUInt8, 1}}};

const StoredType& stored_type(const torch::Tensor& tensor) {
  for (const StoredType& type : kTypes) {
    if (type.type == tensor.scalar_type()) return type;
  }
  throw std::logic_error("tensors of this type are not stored");
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error("not a sound safetensors file: " + why, file, "check where it comes from");
}

class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file), in_(file, std::ios::binary | std::ios::ate) {
    if (!in_) throw Error("the file cannot be read", file);
    size_ = static_cast<std::uint64_t>(in_.tellg());
  }

  NamedTensors read() {
    const json header = read_header();
    if (!header.is_object() || header.size() > kMostTensors)
      refuse(file_, "its header is no table");
    NamedTensors tensors;
    for (const auto& [name, entry] : header.items()) {
      if (name != "__metadata__") tensors[name] = read_tensor(name, entry);
    }
    return tensors;
  }

 private:
  json read_header() {
    std::array<unsigned char, 8> bytes{};
    in_.seekg(0);
    in_.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
    if (!in_) refuse(file_, "it is shorter than 8 bytes");
    std::uint64_t length = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) length = length << 8 | bytes.at(i);
    if (length > kLargestHeader || length > size_ - 8) refuse(file_, "its header is too long");
    std::string text(length, '\0');
    in_.read(text.data(), static_cast<std::streamsize>(length));
    if (!in_) refuse(file_, "it is cut short");
    data_begin_ = 8 + length;

    // A callback that bounds the depth: the parser itself recurses without limit on nothing, but a
    // deep value would be freed recursively.
    const auto bounded = [](int depth, json::parse_event_t, json&) { return depth < 8; };
    json header = json::parse(text, bounded, false);
    if (header.is_discarded()) refuse(file_, "its header is no JSON");
    return header;
  }

  torch::Tensor read_tensor(const std::string& name, const json& entry) {
    const std::string shown = name.substr(0, 80);
    const bool complete = entry.is_object() && entry.contains("dtype") && entry.contains("shape") &&
                          entry.contains("data_offsets");
    if (!complete) refuse(file_, fmt::format("tensor '{}' is incomplete", shown));
    const StoredType* type = nullptr;
    for (const StoredType& known : kTypes) {
      if (entry["dtype"] == known.name) type = &known;
    }
    if (type == nullptr) refuse(file_, fmt::format("tensor '{}' has an unknown type", shown));

    const std::vector<std::uint64_t> shape = numbers(entry["shape"], kMostDimensions, shown);
    const std::vector<std::uint64_t> offsets = numbers(entry["data_offsets"], 2, shown);
    std::uint64_t elements = 1;
    for (const std::uint64_t extent : shape) {
      if (extent != 0 && elements > size_ / extent)
        refuse(file_, fmt::format("'{}' is too large", shown));
      elements *= extent;
    }
    const std::uint64_t room = size_ - data_begin_;
    const bool fits = offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= room &&
                      offsets[1] - offsets[0] == elements * type->bytes;
    if (!fits) refuse(file_, fmt::format("the data of '{}' does not fit its shape", shown));

    torch::Tensor tensor =
        torch::empty(std::vector<std::int64_t>(shape.begin(), shape.end()), type->type);
    in_.seekg(static_cast<std::streamoff>(data_begin_ + offsets[0]));
    in_.read(static_cast<char*>(tensor.data_ptr()),
             static_cast<std::streamsize>(elements * type->bytes));
    if (!in_) refuse(file_, "it is cut short");
    return tensor;
  }

  std::vector<std::uint64_t> numbers(const json& list, std::size_t most, const std::string& name) {
    std::vector<std::uint64_t> result;
    if (!list.is_array() || list.size() > most)
      refuse(file_, fmt::format("'{}' is misshapen", name));
    for (const json& number : list) {
      if (!number.is_number_unsigned()) refuse(file_, fmt::format("'{}' is misshapen", name));
      result.push_back(number.get<std::uint64_t>());
    }
    return result;
  }

  const fs::path& file_;
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::uint64_t data_begin_ = 0;
};

}  // namespace

void write_safetensors(const fs::path& file, const NamedTensors& tensors) {
  json header = json::object();
  std::vector<torch::Tensor> stored;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    stored.push_back(tensor.detach().cpu().contiguous());
    const std::uint64_t end = offset + stored.back().nbytes();
    header[name] = {{"dtype", stored_type(stored.back()).name},
                    {"shape", stored.back().sizes().vec()},
                    {"data_offsets", {offset, end}}};
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
  return Reader(file).read();
}

}  // namespace epochal

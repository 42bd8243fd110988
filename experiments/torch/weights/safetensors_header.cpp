// The header of the safetensors format, bounded: https://github.com/huggingface/safetensors#format

#include "experiments/torch/weights/safetensors_header.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "experiments/torch/byte_fields.h"
#include "framework/base/bounded_json.h"
#include "framework/base/error.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
using ByteSpan = std::span<const std::byte>;

constexpr std::uint64_t kLargestHeader = 16 << 20;
constexpr std::size_t kMostDimensions = 8;
constexpr std::size_t kMostTensors = 100'000;

struct StoredType {
  const char* name;
  c10::ScalarType type;
};
// Booleans of a strange file may hold any byte: they are read as bytes.
constexpr std::array<StoredType, 9> kTypes{{{"F32", c10::ScalarType::Float},
                                            {"F16", c10::ScalarType::Half},
                                            {"BF16", c10::ScalarType::BFloat16},
                                            {"F64", c10::ScalarType::Double},
                                            {"I64", c10::ScalarType::Long},
                                            {"I32", c10::ScalarType::Int},
                                            {"I16", c10::ScalarType::Short},
                                            {"U8", c10::ScalarType::Byte},
                                            {"BOOL", c10::ScalarType::Byte}}};

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error("this is not a valid safetensors file: " + why, file, "check where it comes from");
}

std::vector<std::uint64_t> numbers(const json& list, std::size_t most, const std::string& name,
                                   const fs::path& file) {
  std::vector<std::uint64_t> result;
  if (!list.is_array() || list.size() > most) refuse(file, fmt::format("'{}' is malformed", name));
  for (const json& number : list) {
    if (!number.is_number_unsigned()) refuse(file, fmt::format("'{}' is malformed", name));
    result.push_back(number.get<std::uint64_t>());
  }
  return result;
}

SafetensorsEntry entry_of(const std::string& name, const json& described, ByteSpan data,
                          const fs::path& file) {
  const std::string shown = name.substr(0, 80);
  const bool complete = described.is_object() && described.contains("dtype") &&
                        described.contains("shape") && described.contains("data_offsets");
  if (!complete) refuse(file, fmt::format("tensor '{}' is incomplete", shown));
  const StoredType* type = nullptr;
  for (const StoredType& known : kTypes) {
    if (described["dtype"] == known.name) type = &known;
  }
  if (type == nullptr) refuse(file, fmt::format("tensor '{}' has an unknown type", shown));

  const auto shape = numbers(described["shape"], kMostDimensions, shown, file);
  const auto offsets = numbers(described["data_offsets"], 2, shown, file);
  std::uint64_t bytes = c10::elementSize(type->type);
  for (const std::uint64_t extent : shape) {
    // An extent of 0 would hide any other behind it: each is bounded by itself, too.
    constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
    if (extent > kMost || (extent != 0 && bytes > kMost / extent)) {
      refuse(file, fmt::format("'{}' is too large", shown));
    }
    bytes *= extent;
  }
  const bool fits = offsets.size() == 2 && offsets[0] <= offsets[1] && offsets[1] <= data.size() &&
                    offsets[1] - offsets[0] == bytes;
  if (!fits) refuse(file, fmt::format("the data of '{}' does not fit its shape", shown));
  return {type->type, {shape.begin(), shape.end()}, data.subspan(offsets[0], bytes)};
}

}  // namespace

std::map<std::string, SafetensorsEntry> read_safetensors_header(ByteSpan bytes,
                                                                const fs::path& file) {
  constexpr std::size_t kLengthBytes = 8;
  const auto length = ByteFields(bytes, ByteOrder::little).number(0, kLengthBytes);
  if (!length) refuse(file, "it is shorter than 8 bytes");
  if (*length > kLargestHeader || *length > bytes.size() - kLengthBytes) {
    refuse(file, "its header is too long");
  }
  const ByteSpan text = bytes.subspan(kLengthBytes, *length);
  const ByteSpan data = bytes.subspan(kLengthBytes + *length);

  const std::string_view words(reinterpret_cast<const char*>(text.data()), text.size());
  constexpr int kDeepestHeader = 8;
  if (is_deeper_than(kDeepestHeader, words)) refuse(file, "its header is not a table");
  const json header = json::parse(words, nullptr, false);
  if (header.is_discarded()) refuse(file, "its header is not JSON");
  if (!header.is_object() || header.size() > kMostTensors)
    refuse(file, "its header is not a table");
  std::map<std::string, SafetensorsEntry> entries;
  for (const auto& [name, described] : header.items()) {
    if (name != "__metadata__") entries.emplace(name, entry_of(name, described, data, file));
  }
  // Tensors that share bytes could take a thousand times the file.
  std::uint64_t taken = 0;
  for (const auto& [name, entry] : entries) taken += entry.data.size();
  if (taken > data.size()) refuse(file, "its tensors overlap");
  return entries;
}

std::string_view safetensors_type_name(c10::ScalarType type) {
  for (const StoredType& known : kTypes) {
    if (known.type == type) return known.name;
  }
  return {};
}

}  // namespace epochal

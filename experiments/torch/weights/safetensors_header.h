#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// Where a tensor lies in a safetensors file.
struct SafetensorsEntry {
  c10::ScalarType type = c10::ScalarType::Float;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> data;  ///< within the file's bytes; as long as type and shape say
};

/// Reads the header of a safetensors file, of which `bytes` is the whole. It may come from a
/// stranger: lengths, shapes and offsets are checked against the file. `file` is how errors name
/// it. Throws Error.
std::map<std::string, SafetensorsEntry> read_safetensors_header(std::span<const std::byte> bytes,
                                                                const std::filesystem::path& file);

/// "F32" and the like; empty for types that the format does not have.
std::string_view safetensors_type_name(c10::ScalarType type);

}  // namespace epochal

#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "experiments/torch/torch_headers.h"

namespace epochal {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Writes tensors as a safetensors file: 8 bytes of header length, a JSON header, raw little-endian
/// data. Float32, float16 and int64 are written; tensors are brought to the CPU. Throws Error if
/// the disk refuses.
void write_safetensors(const std::filesystem::path& file, const NamedTensors& tensors);

/// Throws Error, before anything is computed, if a command of the user's should not write weights
/// there: the name is not that of a safetensors file, or lies within a store.
void check_weights_place(const std::filesystem::path& file);

/// Reads a safetensors file; tensors keep their types. It may come from a stranger: lengths, shapes
/// and offsets are checked against the file before anything is allocated. Throws Error.
NamedTensors read_safetensors(const std::filesystem::path& file);

/// Rounds all tensors to float16. Throws Error, naming `file`, if a value is beyond its range or no
/// number.
void round_to_float16(NamedTensors& tensors, const std::filesystem::path& file);

}  // namespace epochal

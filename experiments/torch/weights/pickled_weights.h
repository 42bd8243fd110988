#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "experiments/torch/weights/pickle_reader.h"

namespace epochal {

/// Throws the Error of a weights file that cannot be read.
[[noreturn]] void refuse_weights(const std::filesystem::path& file, const std::string& why);

std::uint64_t bytes_of(const PickledStorage& storage);

/// Throws Error where copies of all these tensors would take much more than the file, of
/// `file_size` bytes: views of one storage could take a thousand times the file. Tied weights are
/// few.
void check_size(const std::map<std::string, PickledTensor>& tensors,
                const std::filesystem::path& file, std::uint64_t file_size);

/// What a weights file of PyTorch before 1.6 holds.
struct LegacyWeights {
  std::map<std::string, PickledTensor> tensors;
  /// By their keys, views of the file; those of the tensors are there, and as large as they say.
  std::map<std::string, std::span<const std::byte>> storages;
};

/// Reads pickles (magic number, protocol, system, state_dict, list of keys), and behind them each
/// storage as its number of elements and its raw bytes. Throws Error.
LegacyWeights read_legacy_weights(std::span<const std::byte> bytes,
                                  const std::filesystem::path& file);

}  // namespace epochal

#pragma once

// Not all of LibTorch: clang, which the fuzzers need, does not take its headers as C++20.
#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace epochal {

/// A block of numbers that tensors are views of; its data lies outside of the pickle.
struct PickledStorage {
  std::string key;
  c10::ScalarType type = c10::ScalarType::Float;
  std::int64_t elements = 0;
};

/// A tensor as a pickle describes it: a strided view into a storage. The view has been checked to
/// lie inside the storage's elements.
struct PickledTensor {
  PickledStorage storage;
  std::int64_t offset = 0;  ///< in elements
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

/// Reads the little of Python's pickle language in which PyTorch writes a state_dict: dictionaries,
/// tuples, lists, numbers, texts and tensors. It can construct nothing else and calls nothing:
/// every unknown opcode or global is refused, and every length is checked against the bytes.
///
/// The language is documented in CPython's Lib/pickletools.py. All functions throw Error for what
/// they do not expect.
class PickleReader {
 public:
  /// `bytes` must outlive the reader and may hold several pickles, one behind the other. `name` is
  /// how errors call the file.
  PickleReader(std::span<const std::byte> bytes, std::string name);
  ~PickleReader();

  /// Reads the next pickle and forgets it.
  void skip();

  /// The next pickle as an integer, little-endian in hexadecimal without leading zeros.
  std::string read_hex_integer();

  /// The next pickle as a list of texts.
  std::vector<std::string> read_text_list();

  /// The tensors of the next pickle, which is a state_dict, by name. Dictionaries in it are
  /// flattened with dots; what is not a tensor is left out.
  std::map<std::string, PickledTensor> read_state_dict();

  /// Bytes read so far.
  std::size_t position() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace epochal

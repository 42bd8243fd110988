#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace epochal {

enum class ByteOrder { big, little };

/// Reads numbers at offsets of a file's bytes; what lies outside of the file is absent.
class ByteFields {
 public:
  ByteFields(std::span<const std::byte> bytes, ByteOrder order) : bytes_(bytes), order_(order) {}

  /// The unsigned number of `length` bytes (at most 8) at `offset`.
  std::optional<std::uint64_t> number(std::uint64_t offset, std::size_t length) const {
    if (offset > bytes_.size() || bytes_.size() - offset < length) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t at = order_ == ByteOrder::big ? i : length - 1 - i;
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[offset + at]);
    }
    return value;
  }

  bool has(std::uint64_t offset, std::string_view text) const {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (number(offset + i, 1) != static_cast<unsigned char>(text[i])) return false;
    }
    return true;
  }

 private:
  std::span<const std::byte> bytes_;
  ByteOrder order_;
};

}  // namespace epochal

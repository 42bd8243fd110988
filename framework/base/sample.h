#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace epochal {

/// The most bytes that a sample may have.
inline constexpr std::size_t kLargestSample = std::size_t{64} << 20;

/// Something to keep with an epoch: a picture, a text, a table, sound, a histogram, a model. Its
/// bytes decide its type (see content_of).
struct Sample {
  std::string name;     ///< file name without extension, of letters, digits, "-", "_", ".": "grid"
  std::string caption;  ///< describes it for readers who cannot see it
  std::vector<std::byte> bytes;  ///< of the file; at most kLargestSample
  std::string ending = {};       ///< of a text's file: "csv", "md"; empty: plain text
  /// A smaller picture of the same, such as a JPEG, for a page that holds its pictures; empty:
  /// `bytes` itself.
  std::vector<std::byte> preview = {};
};

}  // namespace epochal

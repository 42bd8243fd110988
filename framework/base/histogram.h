#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace epochal {

/// The number of values between neighbouring edges.
struct Histogram {
  std::vector<double> edges;   ///< rising, one more than counts
  std::vector<double> counts;  ///< none negative
};

/// The longest text that is read as a histogram, in bytes, and the most bins that it may have.
inline constexpr std::size_t kLongestHistogram = std::size_t{1} << 20;
inline constexpr std::size_t kMostBins = 10'000;

/// Reads {"histogram": {"edges": [0, 0.5, 1], "counts": [3, 7]}}, which may be hostile. None if it
/// is anything else.
std::optional<Histogram> read_histogram(std::string_view text);

}  // namespace epochal

#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace epochal {

/// The nearest whole number; the largest or smallest one for a number out of range, and 0 for NaN.
/// Use only this to convert numbers from stores, files and command lines: in C++ the conversion of
/// a number out of range is undefined.
inline std::int64_t nearest_whole(double number) {
  constexpr double kBehindLast = 9223372036854775808.0;  // 2^63
  if (std::isnan(number)) return 0;
  if (number >= kBehindLast) return std::numeric_limits<std::int64_t>::max();
  if (number < -kBehindLast) return std::numeric_limits<std::int64_t>::min();
  return std::llround(number);
}

/// A number of steps or images that a user wrote, such as 1e6; none unless it is a whole number
/// from 1 to 1e15.
inline std::optional<std::int64_t> whole_count(double number) {
  constexpr double kMost = 1e15;
  if (!(number >= 1 && number <= kMost) || number != std::floor(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace epochal

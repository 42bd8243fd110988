#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

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

}  // namespace epochal

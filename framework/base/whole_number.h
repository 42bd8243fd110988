#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace epochal {

/// The whole number nearest to a number of whatever size: the end of the range that lies on its
/// side where there is none so large, and 0 for NaN. Numbers from stores, files and command lines
/// become whole through this alone, since the language defines nothing for those that do not fit.
inline std::int64_t nearest_whole(double number) {
  constexpr double kBehindLast = 9223372036854775808.0;  // 2^63
  if (std::isnan(number)) return 0;
  if (number >= kBehindLast) return std::numeric_limits<std::int64_t>::max();
  if (number < -kBehindLast) return std::numeric_limits<std::int64_t>::min();
  return std::llround(number);
}

}  // namespace epochal

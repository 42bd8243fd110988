#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace epochal {

/// The whole text as a number, such as "12" or, for a double, "1e-3" and "nan"; none if it is
/// anything else or does not fit.
template <typename Number>
std::optional<Number> parsed_number(std::string_view text) {
  Number number{};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace epochal

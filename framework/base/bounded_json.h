#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace epochal {

/// How deep the objects and lists of JSON from strangers may be nested. Nobody nests them deeper.
inline constexpr int kDeepestJson = 64;

/// Whether brackets nest deeper: deep values take eighty times the text. It counts brackets outside
/// of texts. In text that is not JSON the count may be wrong, but there the parser stops at the
/// first fault. A callback of the parser would tell, too, in a time that grows with the square of
/// the entries.
bool is_deeper_than(int most, std::string_view text);

/// Reads JSON, which may be hostile. Discarded (`is_discarded()`) if it is not JSON or nested
/// deeper than `deepest`: to copy, compare or write such a value would overflow the stack.
nlohmann::json bounded_json(std::string_view text, int deepest = kDeepestJson);

/// The whole number of a value; none if it is anything else or does not fit. The library would turn
/// numbers from 2^63 into negative ones.
std::optional<std::int64_t> whole_number_in(const nlohmann::json& value);

/// JSON in one line. Bytes that are not UTF-8, as in names of files, are replaced.
template <typename Json>
std::string json_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace epochal

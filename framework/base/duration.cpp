// Numbers with units of time, one after the other.

#include "framework/base/duration.h"

#include <fmt/format.h>

#include <cctype>
#include <charconv>
#include <map>
#include <string_view>

#include "framework/base/error.h"

namespace epochal {
namespace {

void skip_spaces(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

/// Removes a part such as "90 min" from the start of the text; 0 if there is none.
double take_part(std::string_view& text) {
  static const std::map<std::string_view, double> kUnits{
      {"s", 1},        {"sec", 1},     {"m", 60},    {"min", 60},    {"h", 3600},
      {"hours", 3600}, {"hour", 3600}, {"d", 86400}, {"day", 86400}, {"days", 86400}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !(number >= 0)) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  skip_spaces(text);
  std::size_t length = 0;
  while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) {
    ++length;
  }
  const auto unit = kUnits.find(text.substr(0, length));
  if (unit == kUnits.end()) return 0;
  text.remove_prefix(length);
  skip_spaces(text);
  return number * unit->second;
}

}  // namespace

Seconds parse_duration(const std::string& text, const std::string& option) {
  constexpr double kLongest = 1e9;
  double seconds = 0;
  std::string_view rest = text;
  skip_spaces(rest);
  while (!rest.empty()) {
    const double part = take_part(rest);
    seconds += part;
    if (part == 0 || seconds > kLongest) {
      seconds = 0;
      break;
    }
  }
  if (seconds > 0) return Seconds(seconds);
  throw Error(fmt::format("--{} '{}' is not a duration", option, text.substr(0, 80)), {},
              "write a number and a unit, such as 2h, 1h30m, 90min or 45s");
}

}  // namespace epochal

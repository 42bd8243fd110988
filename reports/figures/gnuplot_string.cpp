// Writes all but plain characters in octal in double quotes: gnuplot looks for backticks, quotes
// and macros before it reads octal numbers.

#include "reports/figures/gnuplot_string.h"

#include <fmt/format.h>

#include "framework/base/printable.h"

namespace epochal::report {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = " .,:;_-+/()=<>";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

}  // namespace

std::string gnuplot_string(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  std::string result = "\"";
  bool is_behind_number = false;
  for (const char c : printable(text, kLongest)) {
    // gnuplot reads all digits after a backslash as one number.
    const bool continues_it = is_behind_number && c >= '0' && c <= '9';
    is_behind_number = continues_it || !is_plain(c);
    result += is_behind_number ? fmt::format("\\{:03o}", static_cast<unsigned char>(c))
                               : std::string(1, c);
  }
  return result + "\"";
}

}  // namespace epochal::report

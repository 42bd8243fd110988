// Texts of several lines, such as an error with the end of a log.

#include "framework/base/text_lines.h"

#include <algorithm>

#include "framework/base/printable.h"

namespace epochal {

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

std::string further_lines(std::string_view text, std::string_view indent) {
  const std::size_t end = text.find('\n');
  return end == std::string_view::npos ? std::string()
                                       : printable_lines(text.substr(end + 1), indent);
}

std::string printable_lines(std::string_view text, std::string_view indent) {
  std::string lines;
  while (!text.empty()) {
    const std::string_view line = first_line(text);
    lines.append(indent).append(printable(line)).append("\n");
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return lines;
}

}  // namespace epochal

// Escapes Markdown's special characters.

#include "reports/page/markdown.h"

#include <cctype>
#include <string_view>

namespace epochal::report {
namespace {

/// An underscore between letters, as in names of parameters, needs no escape in Markdown.
bool is_within_a_word(const std::string& text, std::size_t at) {
  const auto is_letter = [&](std::size_t index) {
    return index < text.size() && std::isalnum(static_cast<unsigned char>(text[index])) != 0;
  };
  return at > 0 && is_letter(at - 1) && is_letter(at + 1);
}

}  // namespace

std::string markdown_escaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_mark = std::string_view("\\`*<>[]|#&~").find(c) != std::string_view::npos ||
                         (c == '_' && !is_within_a_word(text, i));
    if (is_mark) result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

}  // namespace epochal::report

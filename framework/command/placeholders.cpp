// Placeholders, {name}, in the words of a command.

#include "framework/command/placeholders.h"

#include <fmt/format.h>

#include <utility>

#include "framework/base/error.h"

namespace epochal {
namespace {

/// Calls `text` for text outside of braces and `name` for each name in braces.
template <typename Text, typename Name>
void take_apart(std::string_view word, const Text& text, const Name& name) {
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char c = word[at];
    const bool is_doubled = at + 1 < word.size() && word[at + 1] == c;
    if (c != '{' && c != '}') {
      text(word.substr(at, 1));
    } else if (is_doubled) {
      text(word.substr(at, 1));
      ++at;
    } else {
      const std::size_t end = word.find_first_of("{}", at + 1);
      if (c == '}' || end == std::string_view::npos || word[end] == '{') {
        throw Error(fmt::format("'{}' has an unmatched brace", word.substr(0, 80)), {},
                    "write {{ and }} for literal braces");
      }
      name(word.substr(at + 1, end - at - 1));
      at = end;
    }
  }
}

/// Whether the next byte of a shell's line is outside of all quotes.
class ShellReader {
 public:
  void take(std::string_view text) {
    for (const char c : text) take(c);
  }

  bool is_plain() const { return quote_ == '\0' && !is_escaped_ && !has_document_; }

 private:
  void take(char c) {
    const char before = std::exchange(before_, c);
    if (is_escaped_) {
      is_escaped_ = false;
      before_ = 'x';
    } else if (quote_ == '#') {
      if (c == '\n') quote_ = '\0';
    } else if (c == '\\' && quote_ != '\'') {
      is_escaped_ = true;
    } else if (quote_ != '\0') {
      if (c == quote_) quote_ = '\0';
    } else if (c == '\'' || c == '"' || c == '`') {
      quote_ = c;
    } else if (c == '#' && std::string_view(" \t\n;&|()").find(before) != std::string_view::npos) {
      quote_ = '#';
    } else if (c == '<' && before == '<') {
      has_document_ = true;
    }
  }

  char quote_ = '\0';  ///< the open quote, or # for a comment
  char before_ = ' ';
  bool is_escaped_ = false;
  bool has_document_ = false;
};

}  // namespace

std::vector<std::string> placeholders_of(std::string_view word) {
  std::vector<std::string> names;
  take_apart(
      word, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
  return names;
}

std::vector<std::string> unsafe_placeholders_of(std::string_view line) {
  std::vector<std::string> names;
  ShellReader reader;
  take_apart(
      line, [&](std::string_view text) { reader.take(text); },
      [&](std::string_view name) {
        if (!reader.is_plain()) names.emplace_back(name);
        reader.take("x");
      });
  return names;
}

std::string with_doubled_braces(std::string_view word) {
  std::string doubled;
  for (const char c : word) doubled += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
  return doubled;
}

std::string filled(std::string_view word, const std::map<std::string, std::string>& values) {
  std::string result;
  take_apart(
      word, [&](std::string_view text) { result += text; },
      [&](std::string_view name) {
        const auto value = values.find(std::string(name));
        if (value == values.end()) {
          throw Error(fmt::format("{{{}}} is not a parameter of the command", name));
        }
        result += value->second;
      });
  return result;
}

}  // namespace epochal

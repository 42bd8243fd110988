// {name} in the words of a command.

#include "framework/command/placeholders.h"

#include <fmt/format.h>

#include "framework/base/error.h"

namespace epochal {
namespace {

/// Calls `text` for what stands outside of braces and `name` for what stands within.
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
        throw Error(fmt::format("'{}' has a brace without its partner", word.substr(0, 80)), {},
                    "write {{ and }} for braces that name no parameter");
      }
      name(word.substr(at + 1, end - at - 1));
      at = end;
    }
  }
}

}  // namespace

std::vector<std::string> placeholders_of(std::string_view word) {
  std::vector<std::string> names;
  take_apart(
      word, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
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
          throw Error(fmt::format("the command names {{{}}}, which is no parameter", name));
        }
        result += value->second;
      });
  return result;
}

}  // namespace epochal

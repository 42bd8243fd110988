// Quotes words of commands for a shell, and reads such commands.

#include "framework/base/shell_words.h"

namespace epochal {

std::string shell_quoted(const std::string& word) {
  const bool is_plain =
      !word.empty() &&
      word.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+-") ==
          std::string::npos;
  if (is_plain) return word;
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? "'\\''" : std::string(1, c);
  return result + "'";
}

std::optional<std::vector<std::string>> shell_words(std::string_view command) {
  std::vector<std::string> words;
  bool is_in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    const bool is_blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == 0 && is_blank) {
      is_in_word = false;
      continue;
    }
    const bool is_continued_line = quote != '\'' && command.substr(i, 2) == "\\\n";
    if (is_continued_line) {
      ++i;
      continue;
    }
    if (!is_in_word) words.emplace_back();
    is_in_word = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (++i == command.size()) return std::nullopt;
      // Between double quotes, a backslash before another letter stands for itself.
      const bool is_escape =
          quote == 0 || std::string_view("\\\"$`").find(command[i]) != std::string_view::npos;
      if (!is_escape) words.back() += c;
      words.back() += command[i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return words;
}

}  // namespace epochal

#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace epochal {

/// Prints to standard error and ignores failures: a log on a full disk must not stop the program.
template <typename... Values>
void print_message(fmt::format_string<Values...> format, Values&&... values) {
  const std::string text = fmt::format(format, std::forward<Values>(values)...);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace epochal

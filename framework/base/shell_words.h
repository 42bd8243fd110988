#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// A word for a shell, quoted if necessary.
std::string shell_quoted(const std::string& word);

/// The words of a command, as a shell takes quotes, backslashes and white space (POSIX, Shell
/// Command Language, 2.2); nothing else has a meaning, so nothing is expanded. None if a quote is
/// not closed or nothing follows a backslash.
std::optional<std::vector<std::string>> shell_words(std::string_view command);

}  // namespace epochal

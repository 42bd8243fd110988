#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// Placeholders in a word of a command: "--lr={learning_rate}". "{{" and "}}" are literal braces.
///
/// The names in a word, in order. Throws Error for an unmatched brace.
std::vector<std::string> placeholders_of(std::string_view word);

/// The names in a line for a shell at places where a quoted value is not safe: inside quotes or
/// backticks, after a backslash, in a comment, or after "<<", whose text has no quotes.
std::vector<std::string> unsafe_placeholders_of(std::string_view line);

/// A plain text as a word of a command, with its braces doubled.
std::string with_doubled_braces(std::string_view word);

/// The word with values instead of the names. Throws Error for a name without a value.
std::string filled(std::string_view word, const std::map<std::string, std::string>& values);

}  // namespace epochal

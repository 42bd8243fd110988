#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace epochal {

/// A word of a command with what stands in braces: "--lr={learning_rate}". "{{" and "}}" are braces
/// themselves.
///
/// The names in it, in order. Throws Error, with the column within the word, for a brace without
/// its partner.
std::vector<std::string> placeholders_of(std::string_view word);

/// The names in a line for a shell that stand where a quoted value is not safe: within quotes or
/// backticks, behind a backslash, in a comment, or after "<<", whose text knows no quotes.
std::vector<std::string> unsafe_placeholders_of(std::string_view line);

/// A word that has no placeholders, as a word of a command.
std::string with_doubled_braces(std::string_view word);

/// The word with the values in place of the names. Throws Error for a name without a value.
std::string filled(std::string_view word, const std::map<std::string, std::string>& values);

}  // namespace epochal

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

/// A word that has no placeholders, as a word of a command.
std::string with_doubled_braces(std::string_view word);

/// The word with the values in place of the names. Throws Error for a name without a value.
std::string filled(std::string_view word, const std::map<std::string, std::string>& values);

}  // namespace epochal

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace epochal {

/// The text with control characters, marks that change the direction of writing, and bytes that are
/// not UTF-8 as escapes ("\n", "\x1b", "\u202e"), so that names from a stranger's store cannot
/// control a terminal. Cuts after at most `most` bytes, at the end of a character.
std::string printable(std::string_view text, std::size_t most = 400);

/// The length in bytes of the UTF-8 character at the start of the text; 0 if there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace epochal

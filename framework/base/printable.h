#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace epochal {

/// The text with control characters, marks that change the direction of writing, and bytes that are
/// not UTF-8 as escapes ("\n", "\x1b", "\u202e"), so that names from a stranger's store cannot
/// control a terminal. Cuts after at most `most` bytes, at the end of a character.
std::string printable(std::string_view text, std::size_t most = 400);

/// Whether this is a control character of ASCII.
constexpr bool is_control_character(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// The length in bytes of the UTF-8 character at the start of the text; 0 if there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace epochal

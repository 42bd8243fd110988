#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace epochal {

/// The text with control characters, marks that turn the direction of writing, and bytes that are
/// no UTF-8 written as escapes ("\n", "\x1b", "\u202e"), so that names from a strange store cannot
/// drive or fool a terminal; and cut after `most` bytes at a character's border.
std::string printable(std::string_view text, std::size_t most = 400);

/// The length in bytes of the character of UTF-8 that the text begins with; 0 if it begins with
/// none.
std::size_t utf8_length(std::string_view text);

}  // namespace epochal

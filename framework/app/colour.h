#pragma once

#include <string>
#include <vector>

#include "db/run_status.h"

namespace epochal::app {

/// Each is its number in ECMA-48's "select graphic rendition".
enum class Colour { none = 0, red = 31, green = 32, yellow = 33, blue = 34, magenta = 35 };

/// The colour of a status: finished green, failed red, interrupted yellow, running blue, stopped
/// magenta; queued has none.
Colour colour_of(store::RunStatus status);

/// Whether an open file (STDOUT_FILENO, STDERR_FILENO) shows colours: it is a terminal with
/// colours, and NO_COLOR is not set (no-color.org).
bool takes_colours(int file);

/// The text between the escape sequences of a colour; unchanged for `none`.
std::string coloured(const std::string& text, Colour colour);

/// A part of a line in one colour.
struct TextPiece {
  std::string text;
  Colour colour = Colour::none;
};
using TextLine = std::vector<TextPiece>;

/// The line for a terminal: printable, and cut to `most` bytes.
std::string shown(const TextLine& line, std::size_t most, bool with_colours);

}  // namespace epochal::app

// Colours for output on a terminal.

#include "framework/app/colour.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "framework/base/printable.h"

namespace epochal::app {
namespace {

/// The colour's number in ECMA-48's "select graphic rendition".
int code_of(Colour colour) {
  switch (colour) {
    case Colour::none:
      return 0;
    case Colour::red:
      return 31;
    case Colour::green:
      return 32;
    case Colour::yellow:
      return 33;
    case Colour::blue:
      return 34;
    case Colour::magenta:
      return 35;
  }
  return 0;
}

}  // namespace

Colour colour_of(store::RunStatus status) {
  switch (status) {
    case store::RunStatus::finished:
      return Colour::green;
    case store::RunStatus::failed:
      return Colour::red;
    case store::RunStatus::interrupted:
      return Colour::yellow;
    case store::RunStatus::running:
      return Colour::blue;
    case store::RunStatus::stopped:
      return Colour::magenta;
    case store::RunStatus::queued:
      return Colour::none;
  }
  return Colour::none;
}

bool takes_colours(int file) {
  const char* refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return false;
  const char* terminal = std::getenv("TERM");
  const bool knows_none = terminal != nullptr && std::string_view(terminal) == "dumb";
  return !knows_none && isatty(file) == 1;
}

std::string coloured(const std::string& text, Colour colour) {
  if (colour == Colour::none || text.empty()) return text;
  return fmt::format("\033[{}m{}\033[0m", code_of(colour), text);
}

std::string shown(const TextLine& line, std::size_t most, bool with_colours) {
  std::string text;
  std::size_t left = most;
  for (const TextPiece& piece : line) {
    if (left == 0) break;
    const std::string part = printable(piece.text, left);
    left -= std::min(left, piece.text.size());
    text += with_colours ? coloured(part, piece.colour) : part;
  }
  return text;
}

}  // namespace epochal::app

// Colours for output on a terminal.

#include "framework/app/colour.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "framework/base/printable.h"

namespace epochal::app {

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
  return fmt::format("\033[{}m{}\033[0m", static_cast<int>(colour), text);
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

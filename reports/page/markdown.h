#pragma once

#include <string>

namespace epochal {

/// A text as Markdown shows it letter by letter, in one line.
std::string markdown_escaped(const std::string& text);

}  // namespace epochal

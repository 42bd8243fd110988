#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// A text as a string of gnuplot's language that stands for this text and nothing else, whatever is
/// in it: control characters are shown as escapes, and what gnuplot could read as its own is
/// written by number. At most 200 bytes of it.
std::string gnuplot_string(std::string_view text);

}  // namespace epochal

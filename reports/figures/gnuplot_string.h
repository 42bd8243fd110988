#pragma once

#include <string>
#include <string_view>

namespace epochal::report {

/// A text as a string literal for gnuplot, safe for any content: control characters are shown as
/// escapes, and characters that gnuplot could interpret are written as numbers. Cut to 200 bytes.
std::string gnuplot_string(std::string_view text);

}  // namespace epochal::report

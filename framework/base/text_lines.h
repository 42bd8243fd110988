#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// The text before the first line break.
std::string_view first_line(std::string_view text);

/// The lines after the first line break, each printable, with `indent` before it and a line break
/// after it; empty if there are none.
std::string further_lines(std::string_view text, std::string_view indent);

/// All lines in the same way.
std::string printable_lines(std::string_view text, std::string_view indent);

}  // namespace epochal

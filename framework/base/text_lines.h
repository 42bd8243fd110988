#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// What stands before the first line break.
std::string_view first_line(std::string_view text);

/// What stands behind the first line break, each line printable, behind `indent` and with a line
/// break at its end; empty if there is nothing.
std::string further_lines(std::string_view text, std::string_view indent);

/// All lines in the same way.
std::string printable_lines(std::string_view text, std::string_view indent);

}  // namespace epochal

#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// Whether this is a name for a command or one of its parameters: letters, digits, - and _.
bool is_command_name(std::string_view text);

/// The default name of a command: "train" for "code/Train.py".
std::string command_name_for(const std::string& file);

}  // namespace epochal

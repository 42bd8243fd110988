#pragma once

#include <string>
#include <string_view>

namespace epochal {

/// Whether a command, or one of its parameters, can be called like that: letters, digits, - and _.
bool is_command_name(std::string_view text);

/// What a command is called where nobody says: "train" for "code/Train.py".
std::string command_name_for(const std::string& file);

}  // namespace epochal

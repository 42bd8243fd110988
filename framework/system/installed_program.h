#pragma once

#include <filesystem>
#include <string_view>

namespace epochal {

/// The file of this program. Throws Error if /proc, which knows it, is not mounted.
std::filesystem::path this_program();

/// Whether a program of this name is found in PATH.
bool is_in_path(std::string_view program);

}  // namespace epochal

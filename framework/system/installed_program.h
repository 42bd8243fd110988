#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace epochal {

/// The file of this program. Throws Error if /proc, which knows it, is not mounted.
std::filesystem::path this_program();

/// Whether a program of this name is found in PATH.
bool is_in_path(std::string_view program);

/// The output of a program in a file; empty if it cannot be read.
std::string text_of_file(const std::filesystem::path& file);

}  // namespace epochal

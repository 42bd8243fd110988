#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace epochal {

/// Whether a program of this name is found in PATH.
bool is_in_path(std::string_view program);

/// The output of a program in a file; empty if it cannot be read.
std::string text_of_file(const std::filesystem::path& file);

}  // namespace epochal

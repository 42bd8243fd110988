#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// All that a file holds; empty where it is missing or cannot be read.
std::string whole_file(const std::filesystem::path& file);

}  // namespace epochal

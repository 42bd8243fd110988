#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// The content of a file; empty if it is missing or cannot be read.
std::string whole_file(const std::filesystem::path& file);

}  // namespace epochal

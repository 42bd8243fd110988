#pragma once

#include <filesystem>

namespace epochal {

/// A path from the root, without "." and "..", that leads to where the system finds the one given:
/// `link/..` is the folder that holds what the link leads to, not the one that holds the link.
std::filesystem::path whole_path(const std::filesystem::path& path);

}  // namespace epochal

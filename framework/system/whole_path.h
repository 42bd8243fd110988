#pragma once

#include <filesystem>

namespace epochal {

/// An absolute path without "." and ".." that leads to the same place: `link/..` is the parent of
/// the link's target, not of the link.
std::filesystem::path whole_path(const std::filesystem::path& path);

}  // namespace epochal

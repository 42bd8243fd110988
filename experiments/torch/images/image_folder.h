#pragma once

#include <filesystem>
#include <vector>

namespace epochal {

/// The image files below `folder`, relative to it, by path in byte order, which no locale changes.
/// A file is an image by its extension. What begins with a dot and __MACOSX are left aside. Links
/// are followed; a folder that can be reached in several ways counts once, so that a link back up
/// ends there. A link to an image that is gone counts as an image, so that someone hears of it.
/// Throws Error if a folder cannot be read.
std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

}  // namespace epochal

#pragma once

#include <filesystem>

namespace epochal {

/// Whether a file of a megabyte still fits into the existing folder: tried, since a file system may
/// report room that a quota denies.
bool has_room(const std::filesystem::path& folder);

}  // namespace epochal

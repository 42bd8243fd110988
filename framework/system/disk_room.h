#pragma once

#include <filesystem>

namespace epochal {

/// Whether a file of a megabyte still fits into the existing folder. This is tried, since a file
/// system may report free space that a quota denies.
bool has_room(const std::filesystem::path& folder);

}  // namespace epochal

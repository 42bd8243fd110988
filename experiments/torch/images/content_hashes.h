#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace epochal {

/// SHA-256, in hex, of each of these files below `folder`, read by several threads. The hashes are
/// remembered in the user's cache folder: a file whose size, times and number (inode) are what they
/// were is not read again. A file that cannot be read has an empty hash.
std::vector<std::string> content_hashes(const std::filesystem::path& folder,
                                        const std::vector<std::filesystem::path>& files);

}  // namespace epochal

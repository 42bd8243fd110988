#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// The file that an artifact's stored path names. The path comes from the database, which may come
/// from a stranger: throws Error if it leads out of the store.
std::filesystem::path artifact_file(const std::filesystem::path& store, const std::string& path);

}  // namespace epochal

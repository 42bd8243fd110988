#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace epochal {

/// The file that an artifact's stored path names, be it there or not. The path comes from the
/// database, and what lies in the folder, too, may come from a stranger: throws Error if the path
/// leads out of the store, or over a symbolic link in it.
std::filesystem::path artifact_file(const std::filesystem::path& store, const std::string& path);

/// The same file to read from; none if it is missing, no regular file, or behind a symbolic link,
/// which could show any file of the user's. Throws Error if the path leads out of the store.
std::optional<std::filesystem::path> readable_artifact(const std::filesystem::path& store,
                                                       const std::string& path);

/// Whether artifact_file() takes the path.
bool is_within_store(const std::filesystem::path& store, const std::string& path);

/// Whether a symbolic link stands for any part of a path within a folder, itself not included.
bool leads_over_a_link(const std::filesystem::path& folder, const std::filesystem::path& within);

}  // namespace epochal

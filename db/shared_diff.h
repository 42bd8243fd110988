#pragma once

#include <filesystem>
#include <string>

namespace epochal::store {

/// The folder within a store that has each diff of sources once, by its hash.
inline constexpr char kSharedDiffs[] = "artifacts/sources";

/// Gives a run the diff `from`, whose SHA-256 is `sha256`, as `file`: a hard link to the store's
/// one file of it, so that each run has its artifact but the disk has only one. If the file system
/// has no hard links, or no more of them, the run gets a copy. Throws Error.
void share_diff(const std::filesystem::path& store, const std::filesystem::path& from,
                const std::string& sha256, const std::filesystem::path& file);

/// Whether no run uses the shared file.
bool is_unshared(const std::filesystem::path& shared);

}  // namespace epochal::store

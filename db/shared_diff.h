#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// The folder of a store, relative to it, that has each diff of sources once, by its hash.
inline constexpr char kSharedDiffs[] = "artifacts/sources";

/// Gives a run the diff `from`, whose SHA-256 is `sha256`, as `file`: a hard link to the one file
/// that the store has of it, so that each run has its artifact and the disk has one. Where the file
/// system has no hard links, or no more of them, the run gets a copy. Throws Error.
void share_diff(const std::filesystem::path& store, const std::filesystem::path& from,
                const std::string& sha256, const std::filesystem::path& file);

/// Whether no run has the shared file any more.
bool is_unshared(const std::filesystem::path& shared);

}  // namespace epochal

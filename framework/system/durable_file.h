#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace epochal {

/// Writes a file so that after a power cut it is complete or does not exist: temporary name, fsync,
/// rename, fsync of the folder. Throws Error (disk full, not writable).
void write_durably(const std::filesystem::path& file, std::span<const std::byte> bytes);

/// Copies a file in the same way. Throws Error.
void copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Gives a durable file another name, replacing an existing file, and makes the name durable. False
/// if the file system does not support another link. Throws Error if the folder cannot be made
/// durable.
bool link_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes the files of a folder and their names durable. Throws Error.
void sync_folder(const std::filesystem::path& folder);

/// Makes the name of a folder durable in its parent folder. Throws Error.
void sync_folder_name(const std::filesystem::path& folder);

/// Gives a durable file or folder its final name, replacing what a dead attempt has left there, and
/// makes the name durable. Throws Error.
void publish_path(const std::filesystem::path& temporary, const std::filesystem::path& final);

}  // namespace epochal

#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace epochal {

/// Writes a file so that after a power cut it is there whole or not at all: temporary name, fsync,
/// rename, fsync of the folder. Throws Error (disk full, not writable).
void write_durably(const std::filesystem::path& file, std::span<const std::byte> bytes);

/// Copies a file in the same way. Throws Error.
void copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Gives a durable file a further name, in place of what has it, and makes the name durable. False
/// where the file system gives no further one. Throws Error where the folder cannot be made
/// durable.
bool link_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes the files of a folder durable, and their names in it. Throws Error.
void sync_folder(const std::filesystem::path& folder);

/// Makes the name of a folder durable in the one that holds it. Throws Error.
void sync_folder_name(const std::filesystem::path& folder);

/// Gives a durable file or folder its final name, in place of what an attempt that died has left
/// there, and makes the name durable. Throws Error.
void publish_path(const std::filesystem::path& temporary, const std::filesystem::path& final);

}  // namespace epochal

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

/// Makes the finished folder `temporary` durable with all its files and gives it its final name,
/// replacing a folder left there by an attempt that died. Throws Error.
void publish_folder(const std::filesystem::path& temporary, const std::filesystem::path& folder);

}  // namespace epochal

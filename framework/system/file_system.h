#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

namespace epochal {

/// The name of the network file system that holds `path` or its nearest existing parent; none for
/// a local one. SQLite's locks and its WAL's shared memory are not safe across machines there.
std::optional<std::string_view> network_file_system(const std::filesystem::path& path);

/// Creates a folder and its missing parents, like create_directories, and makes each new name
/// durable, so that it survives a power cut.
void make_folders_durably(const std::filesystem::path& folder, std::error_code& error);

/// Whether a file of a megabyte still fits into the existing folder. This is tried, since a file
/// system may report free space that a quota denies.
bool has_room(const std::filesystem::path& folder);

/// The name of the network file system with this magic number of statfs(2), if it is one.
std::optional<std::string_view> network_file_system_of_magic(std::uint32_t magic);

}  // namespace epochal

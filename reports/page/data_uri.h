#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace epochal::report {

/// Bytes as a data: URI, so that a page needs no other file.
std::string data_uri(std::span<const std::byte> bytes, std::string_view media_type);

/// The same for a file. Throws Error if it cannot be read or is larger than 64 MiB.
std::string data_uri(const std::filesystem::path& file, std::string_view media_type);

}  // namespace epochal::report

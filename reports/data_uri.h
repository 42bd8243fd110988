#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace epochal {

/// A file's contents as a data: URI, so that a page needs no other file. Throws Error if the file
/// cannot be read or is larger than 64 MiB.
std::string data_uri(const std::filesystem::path& file, std::string_view media_type);

}  // namespace epochal

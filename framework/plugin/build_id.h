#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// Identifies a build of a loaded shared object: the linker's build id (the ELF note
/// NT_GNU_BUILD_ID, which stays when the object is installed or stripped), or else the SHA-256 of
/// its file. Hexadecimal. `symbol` is an address within the object.
std::string build_id(const void* symbol, const std::filesystem::path& file);

}  // namespace epochal

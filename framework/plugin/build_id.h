#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// What tells one build of a loaded shared object from another: the linker's build id (the ELF note
/// NT_GNU_BUILD_ID, which stays when the object is installed or stripped), else the SHA-256 of its
/// file. Hexadecimal. `symbol` is an address within the object.
std::string build_id(const void* symbol, const std::filesystem::path& file);

}  // namespace epochal

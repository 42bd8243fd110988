#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

#include "framework/base/error.h"

namespace epochal {

/// There is no space to write: a full disk, an exceeded quota, no free inodes. A run that meets
/// this is interrupted, not failed, and the program ends with exit code 3.
class DiskFull : public Error {
 public:
  explicit DiskFull(const std::filesystem::path& where);
};

bool is_want_of_room(const std::error_code& error);

/// Throws the error of a failed write: DiskFull, or Error with the system's message and `hint`.
[[noreturn]] void throw_write_error(const std::error_code& error,
                                    const std::filesystem::path& where, const std::string& hint);

/// Writes a whole small file, such as one of a checkpoint. Throws DiskFull or Error.
void write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace epochal

#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

#include "framework/base/error.h"

namespace epochal {

/// There is no room to write: a full disk, a spent quota, no inodes left. A run that meets it is
/// interrupted, not failed, and the program ends with exit code 3.
class DiskFull : public Error {
 public:
  explicit DiskFull(const std::filesystem::path& where);
};

bool is_want_of_room(const std::error_code& error);

/// The error that an attempt to write met: DiskFull, or Error with the system's own words and
/// `hint`.
[[noreturn]] void throw_write_error(const std::error_code& error,
                                    const std::filesystem::path& where, const std::string& hint);

/// Writes a whole small file, as of a checkpoint. Throws DiskFull or Error.
void write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace epochal

// Tells a full disk by the error of the failed write: asking for the free space later would be a
// race.

#include "framework/base/disk_full.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace epochal {

DiskFull::DiskFull(const std::filesystem::path& where)
    : Error("the disk is full", where, "free some space and run the same command again") {}

bool is_want_of_room(const std::error_code& error) {
  const bool is_errno =
      error.category() == std::generic_category() || error.category() == std::system_category();
  return is_errno && (error.value() == ENOSPC || error.value() == EDQUOT);
}

void throw_write_error(const std::error_code& error, const std::filesystem::path& where,
                       const std::string& hint) {
  if (is_want_of_room(error)) throw DiskFull(where);
  throw Error(error.message(), where, hint);
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  const auto fail = [&](int reason) {
    throw_write_error({reason, std::generic_category()}, file, "check the folder and its disk");
  };
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) fail(errno);
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int reason = errno;
      close(descriptor);
      fail(reason);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (close(descriptor) != 0) fail(errno);
}

}  // namespace epochal

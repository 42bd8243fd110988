// Tries to allocate a file and leaves nothing behind.

#include "framework/system/disk_room.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace epochal {

bool has_room(const std::filesystem::path& folder) {
  constexpr off_t kNeeded = 1 << 20;
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno != ENOSPC && errno != EDQUOT;
  const int failure = posix_fallocate(file, 0, kNeeded);
  close(file);
  return failure != ENOSPC && failure != EDQUOT;
}

}  // namespace epochal

// Checks and opens a path in one step, so that nobody can insert a link in between.

#include "framework/system/open_beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

namespace epochal {
namespace fs = std::filesystem;
namespace {

Handle open_folder(const fs::path& folder) {
  return Handle(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

Handle::~Handle() {
  if (number_ >= 0) close(number_);
}

Handle::Handle(Handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

fs::path Handle::path() const {
  return "/proc/self/fd/" + std::to_string(number_);
}

Handle open_beneath(const fs::path& folder, const fs::path& within, int flags) {
  const Handle holder = open_folder(folder);
  if (!holder.is_open()) return Handle();
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  const long number = syscall(SYS_openat2, holder.number(), within.c_str(), &how, sizeof how);
  // Some containers forbid unknown system calls.
  if (number < 0 && (errno == ENOSYS || errno == EPERM)) {
    return open_step_by_step(folder, within, flags);
  }
  return Handle(static_cast<int>(number));
}

Handle open_step_by_step(const fs::path& folder, const fs::path& within, int flags) {
  Handle reached = open_folder(folder);
  for (auto part = within.begin(); part != within.end() && reached.is_open(); ++part) {
    if (*part == ".." || part->is_absolute()) {
      errno = EXDEV;
      return Handle();
    }
    const bool is_last = std::next(part) == within.end();
    const int how = is_last ? flags : O_PATH | O_DIRECTORY;
    reached = Handle(openat(reached.number(), part->c_str(), how | O_NOFOLLOW | O_CLOEXEC));
  }
  return reached;
}

}  // namespace epochal

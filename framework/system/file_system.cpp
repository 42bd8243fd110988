// Properties of file systems that the standard library does not have: network, durability, room.

#include "framework/system/file_system.h"

#include <fcntl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace epochal {
namespace fs = std::filesystem;
namespace {

/// Makes a new folder's name durable in its parent folder. If that is writable but not readable, it
/// can only be synced with its whole file system.
void sync_name(const fs::path& holder, const fs::path& folder, std::error_code& error) {
  int handle = open(holder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_readable = handle >= 0 || errno != EACCES;
  if (!is_readable) handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) {
    error.assign(errno, std::generic_category());
    return;
  }
  // Some FUSE file systems do not support fsync of folders.
  const bool is_synced = (is_readable ? fsync(handle) : syncfs(handle)) == 0 || errno == EINVAL;
  if (!is_synced) error.assign(errno, std::generic_category());
  close(handle);
}

}  // namespace

void make_folders_durably(const fs::path& folder, std::error_code& error) {
  error.clear();
  // As the system reads it: `link/..` is the parent of the link's target.
  const fs::path whole = fs::absolute(folder, error);
  fs::path reached;
  for (const fs::path& part : whole) {
    const fs::path holder = reached;
    reached /= part;
    if (error || part.empty()) break;
    if (fs::is_directory(reached, error)) continue;
    const bool is_new = fs::create_directory(reached, error);
    if (is_new && !error) sync_name(holder, reached, error);
  }
}

std::optional<std::string_view> network_file_system_of_magic(std::uint32_t magic) {
  // From linux/magic.h, and the documentation of file systems outside of the kernel.
  static constexpr std::array<std::pair<std::uint32_t, std::string_view>, 13> kNetwork{{
      {0x6969, "NFS"},
      {0x517B, "SMB"},
      {0xFF534D42, "CIFS"},
      {0xFE534D42, "SMB 2"},
      {0x0BD00BD0, "Lustre"},
      {0x00C36400, "Ceph"},
      {0x47504653, "GPFS"},
      {0x19830326, "BeeGFS"},
      {0x013111A8, "GlusterFS"},
      {0x5346414F, "AFS"},
      {0x73757245, "Coda"},
      {0x01021997, "9p"},
      {0x7461636F, "OCFS2"},
  }};
  for (const auto& [number, name] : kNetwork) {
    if (number == magic) return name;
  }
  return std::nullopt;
}

std::optional<std::string_view> network_file_system(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path existing = std::filesystem::absolute(path, error);
  while (!std::filesystem::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  struct statfs information {};
  if (statfs(existing.c_str(), &information) != 0) return std::nullopt;
  return network_file_system_of_magic(static_cast<std::uint32_t>(information.f_type));
}

bool has_room(const fs::path& folder) {
  constexpr off_t kNeeded = 1 << 20;
  const int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return errno != ENOSPC && errno != EDQUOT;
  const int failure = posix_fallocate(file, 0, kNeeded);
  close(file);
  return failure != ENOSPC && failure != EDQUOT;
}

}  // namespace epochal

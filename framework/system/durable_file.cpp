// fsync before rename, and fsync of the folder afterwards.

#include "framework/system/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "framework/base/disk_full.h"
#include "framework/system/open_beneath.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(const fs::path& file) {
  throw_write_error({errno, std::generic_category()}, file, "check the store's disk");
}

class File {
 public:
  File(const fs::path& path, int flags) : path_(path), handle_(open(path.c_str(), flags, 0666)) {
    if (!handle_.is_open()) fail(path_);
  }

  void write_all(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = write(handle_.number(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(path_);
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }

  void sync() const {
    if (fsync(handle_.number()) != 0) fail(path_);
  }

 private:
  const fs::path& path_;
  Handle handle_;
};

void sync_path(const fs::path& path, int flags) {
  File(path, flags | O_CLOEXEC).sync();
}

}  // namespace

void write_durably(const fs::path& file, std::span<const std::byte> bytes) {
  const fs::path temporary = file.string() + ".tmp";
  {
    const File out(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
    out.write_all(bytes);
    out.sync();
  }
  publish_path(temporary, file);
}

void copy_durably(const fs::path& from, const fs::path& to) {
  const fs::path temporary = to.string() + ".tmp";
  std::error_code error;
  fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, error);
  if (error) throw_write_error(error, to, "check the store's disk");
  sync_path(temporary, O_RDONLY);
  publish_path(temporary, to);
}

bool link_durably(const fs::path& from, const fs::path& to) {
  const fs::path temporary = to.string() + ".tmp";
  unlink(temporary.c_str());
  if (link(from.c_str(), temporary.c_str()) != 0) return false;
  const bool is_named = rename(temporary.c_str(), to.c_str()) == 0;
  // rename() keeps both names if they are links to the same file.
  unlink(temporary.c_str());
  if (is_named) sync_path(to.parent_path(), O_RDONLY | O_DIRECTORY);
  return is_named;
}

void sync_folder(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) sync_path(entry.path(), O_RDONLY);
  sync_path(folder, O_RDONLY | O_DIRECTORY);
}

void sync_folder_name(const fs::path& folder) {
  sync_path(folder.parent_path(), O_RDONLY | O_DIRECTORY);
}

void publish_path(const fs::path& temporary, const fs::path& final) {
  // A folder is only replaced by rename if it is empty.
  if (fs::is_directory(fs::symlink_status(temporary))) fs::remove_all(final);
  if (rename(temporary.c_str(), final.c_str()) != 0) fail(final);
  sync_path(final.parent_path(), O_RDONLY | O_DIRECTORY);
}

}  // namespace epochal

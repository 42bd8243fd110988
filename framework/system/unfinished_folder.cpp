// Folders that get their name when they are complete. A lock on the folder shows whether a process
// still writes it. A process id would not: ids are reused, and containers have their own.

#include "framework/system/unfinished_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "framework/base/disk_full.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kMark = ".unfinished-";

/// Absolute, and without a slash at its end.
fs::path named(const fs::path& wanted) {
  const fs::path whole = fs::absolute(wanted);
  return whole.has_filename() ? whole : whole.parent_path();
}

/// A handle of a folder; none if it is not a folder or cannot be opened.
Handle handle_of(const fs::path& folder) {
  return Handle(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_abandoned(const fs::path& folder) {
  const Handle handle = handle_of(folder);
  return handle.is_open() && flock(handle.number(), LOCK_EX | LOCK_NB) == 0;
}

void remove_left_over(const fs::path& holder, const std::string& prefix) {
  std::error_code ignored;  // files that stay only take disk space
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(holder, ignored)) {
    const std::string name = entry.path().filename();
    const std::string_view digits =
        std::string_view(name).substr(std::min(name.size(), prefix.size()));
    const bool is_ours = name.starts_with(prefix) && !digits.empty() &&
                         digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (is_ours && is_abandoned(entry.path())) left.push_back(entry.path());
  }
  for (const fs::path& folder : left) fs::remove_all(folder, ignored);
}

/// Folders first, since files may refer to them.
std::vector<fs::path> entries_of(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, error)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  std::ranges::stable_partition(entries, [](const auto& entry) { return fs::is_directory(entry); });
  return entries;
}

void move_entries(const fs::path& from, const fs::path& to, std::error_code& error) {
  for (const fs::path& entry : entries_of(from, error)) {
    if (error) return;
    const fs::path target = to / entry.filename();
    std::error_code missing;
    if (fs::is_directory(entry) && fs::is_directory(target, missing)) {
      move_entries(entry, target, error);
    } else {
      fs::rename(entry, target, error);
    }
  }
}

}  // namespace

void remove_left_over(const fs::path& wanted) {
  const fs::path whole = named(wanted);
  remove_left_over(whole, std::string(kMark));
  remove_left_over(whole.parent_path(), whole.filename().string() + std::string(kMark));
}

UnfinishedFolder::UnfinishedFolder(const fs::path& wanted, std::string hint)
    : wanted_(named(wanted)), hint_(std::move(hint)) {
  remove_left_over(wanted_);
  std::error_code error;
  const bool is_there = fs::is_directory(wanted_, error);
  if (!is_there) {
    error.clear();
    fs::create_directories(wanted_.parent_path(), error);
    if (error) fail(error);
  }
  const std::string name =
      is_there ? (wanted_ / kMark).string() : wanted_.string() + std::string(kMark);
  // The id may belong to a process of another container.
  std::int64_t number = getpid();
  while (!make(name + std::to_string(number))) ++number;
}

bool UnfinishedFolder::make(const fs::path& path) {
  std::error_code error;
  if (!fs::create_directory(path, error)) {
    if (error && error.value() != EEXIST) fail(error);
    return false;
  }
  path_ = path;
  lock_ = handle_of(path);
  if (!lock_.is_open()) return true;
  // Not all file systems support locks; then no process can see it as left over either.
  while (flock(lock_.number(), LOCK_EX) != 0 && errno == EINTR) {
  }
  // Between creating and locking it, another process may have seen it as left over.
  struct stat ours {};
  struct stat there {};
  const bool is_ours = fstat(lock_.number(), &ours) == 0 && stat(path.c_str(), &there) == 0 &&
                       ours.st_ino == there.st_ino;
  if (is_ours) return true;
  lock_ = Handle();
  return false;
}

UnfinishedFolder::~UnfinishedFolder() {
  std::error_code ignored;  // the next one removes it
  fs::remove_all(path_, ignored);
}

void UnfinishedFolder::move_into_place() const {
  std::error_code error;
  if (fs::is_directory(wanted_, error)) {
    error.clear();
    move_entries(path_, wanted_, error);
  } else {
    fs::rename(path_, wanted_, error);
  }
  if (error) fail(error);
}

void UnfinishedFolder::fail(const std::error_code& error) const {
  throw_write_error(error, wanted_, hint_);
}

}  // namespace epochal

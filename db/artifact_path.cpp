// Paths of artifacts stay inside the store.

#include "db/artifact_path.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "framework/base/error.h"

namespace epochal::store {
namespace fs = std::filesystem;

namespace {

bool leads_out(const std::string& path) {
  const fs::path relative(path);
  const bool climbs = std::any_of(relative.begin(), relative.end(),
                                  [](const fs::path& part) { return part == ".."; });
  const bool has_zero = path.find('\0') != std::string::npos;
  return path.empty() || relative.is_absolute() || climbs || has_zero;
}

fs::path path_within(const fs::path& store, const std::string& path) {
  if (!leads_out(path)) return path;
  throw Error("an artifact's path leads out of the store", store,
              "do not trust this store, and check it with `epochal doctor`");
}

}  // namespace

bool leads_over_a_link(const fs::path& folder, const fs::path& within) {
  fs::path reached = folder;
  for (const fs::path& part : within) {
    reached /= part;
    std::error_code error;
    if (fs::is_symlink(fs::symlink_status(reached, error))) return true;
  }
  return false;
}

bool is_within_store(const fs::path& store, const std::string& path) {
  return !leads_out(path) && !leads_over_a_link(store, path);
}

fs::path artifact_file(const fs::path& store, const std::string& path) {
  const fs::path relative = path_within(store, path);
  if (!leads_over_a_link(store, relative)) return store / relative;
  throw Error("an artifact of the store is behind a symbolic link", store / relative,
              "do not trust this store, or replace the link by the files");
}

std::optional<ReadableArtifact> readable_artifact(const fs::path& store, const std::string& path) {
  const fs::path relative = path_within(store, path);
  // Without O_NONBLOCK, opening a pipe without a writer would block.
  Handle handle = open_beneath(store, relative, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  struct stat status {};
  const bool is_file =
      handle.is_open() && fstat(handle.number(), &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file) return std::nullopt;
  return ReadableArtifact(std::move(handle), store / relative);
}

void remove_artifact(const fs::path& store, const std::string& path) {
  const fs::path relative = path_within(store, path);
  const fs::path folder = relative.parent_path();
  const Handle holder = open_beneath(store, folder, O_PATH | O_DIRECTORY);
  if (!holder.is_open() || unlinkat(holder.number(), relative.filename().c_str(), 0) != 0) return;
  const Handle above = open_beneath(store, folder.parent_path(), O_PATH | O_DIRECTORY);
  if (above.is_open()) unlinkat(above.number(), folder.filename().c_str(), AT_REMOVEDIR);
}

}  // namespace epochal::store

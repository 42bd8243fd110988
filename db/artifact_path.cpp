// Paths of artifacts stay inside the store.

#include "db/artifact_path.h"

#include <algorithm>

#include "framework/plugin/error.h"

namespace epochal {
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
  throw Error("the store names an artifact outside of itself", store,
              "do not trust this store; see what `epochal doctor` says of it");
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
  throw Error("an artifact of the store lies behind a symbolic link", store / relative,
              "do not trust this store; put the files themselves in the link's place");
}

std::optional<fs::path> readable_artifact(const fs::path& store, const std::string& path) {
  const fs::path relative = path_within(store, path);
  if (leads_over_a_link(store, relative)) return std::nullopt;
  std::error_code error;
  if (!fs::is_regular_file(store / relative, error)) return std::nullopt;
  return store / relative;
}

}  // namespace epochal

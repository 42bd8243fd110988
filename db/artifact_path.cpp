// Paths of artifacts stay inside the store.

#include "db/artifact_path.h"

#include <algorithm>

#include "framework/plugin/error.h"

namespace epochal {
namespace fs = std::filesystem;

fs::path artifact_file(const fs::path& store, const std::string& path) {
  const fs::path relative(path);
  const bool climbs = std::any_of(relative.begin(), relative.end(),
                                  [](const fs::path& part) { return part == ".."; });
  const bool has_zero = path.find('\0') != std::string::npos;
  if (path.empty() || relative.is_absolute() || climbs || has_zero) {
    throw Error("the store names an artifact outside of itself", store,
                "do not trust this store; check it with `epochal doctor`");
  }
  return store / relative;
}

}  // namespace epochal

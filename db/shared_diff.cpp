// Diffs of sources by hash. A sweep of a thousand runs has one diff, and each run may be removed,
// merged or exported without the others. So each run has its own link to the file.

#include "db/shared_diff.h"

#include "db/artifact_path.h"
#include "framework/base/disk_full.h"
#include "framework/base/sha256.h"
#include "framework/system/durable_file.h"
#include "framework/system/file_system.h"

namespace epochal::store {
namespace fs = std::filesystem;
namespace {

/// Whether the store's file exists and has the hash in its name: a stranger may have written it.
bool is_sound(const fs::path& store, const std::string& within, const std::string& sha256) {
  const auto file = readable_artifact(store, within);
  return file && sha256_of_file(file->path()) == sha256;
}

}  // namespace

void share_diff(const fs::path& store, const fs::path& from, const std::string& sha256,
                const fs::path& file) {
  const std::string within = std::string(kSharedDiffs) + "/" + sha256 + ".diff";
  const fs::path shared = store / within;
  if (leads_over_a_link(store, kSharedDiffs)) {
    copy_durably(from, file);
    return;
  }
  if (!is_sound(store, within, sha256)) {
    std::error_code error;
    make_folders_durably(shared.parent_path(), error);
    if (error) throw_write_error(error, shared.parent_path(), "check the store's disk");
    copy_durably(from, shared);
  }
  if (!link_durably(shared, file)) copy_durably(from, file);
}

bool is_unshared(const fs::path& shared) {
  std::error_code error;
  const auto names = fs::hard_link_count(shared, error);
  return error || names <= 1;
}

}  // namespace epochal::store

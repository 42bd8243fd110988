#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal::store {

/// Something in a store that is no longer needed.
struct Garbage {
  std::filesystem::path path;  ///< file or folder
  Bytes bytes = 0;
  std::string why;  ///< "in the trash", "no run uses it", …
};

/// Why the files of runs in the trash are garbage.
inline constexpr char kInTheTrash[] = "in the trash";

/// All garbage of a store: files of runs in the trash, files that no record names, files that dead
/// processes left, and merged shards of Slurm jobs. It never contains files that a running run may
/// be writing, nor files without a record from the last hour: a file is written before its record.
std::vector<Garbage> garbage_of(const Query& query);

/// Bytes of a file, or of all files below a folder, not counting links.
Bytes bytes_below(const std::filesystem::path& path);

}  // namespace epochal::store

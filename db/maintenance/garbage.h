#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// Something in a store that nobody needs any more.
struct Garbage {
  std::filesystem::path path;  ///< file or folder
  Bytes bytes = 0;
  std::string why;  ///< "in the trash", "no run has it", …
};

/// Why the files of runs in the trash are garbage.
inline constexpr char kInTheTrash[] = "in the trash";

/// All garbage of a store: files of runs in the trash, files that no record names, what dead
/// processes have left, and the shards of Slurm jobs that have been merged. What a run that is
/// running may be writing is never among it, nor are files without a record that were written in
/// the last hour: a file comes before its record.
std::vector<Garbage> garbage_of(const Query& query);

/// Bytes of a file, or of all files below a folder; links count nothing.
Bytes bytes_below(const std::filesystem::path& path);

}  // namespace epochal

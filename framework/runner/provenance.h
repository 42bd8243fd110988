#pragma once

#include <filesystem>
#include <string>

#include "db/records.h"

namespace epochal {

/// The variables of this process's environment that decide how things run: threads, devices,
/// allocators and the like.
std::map<std::string, std::string> environment_that_matters();

/// A provenance and its diff on their way from the command to the processes that do the runs: what
/// this process was started with, where, and from which sources, with the changes to tracked files
/// since the commit.
class ProvenanceFile {
 public:
  /// Writes both into an existing folder; the sources are the git repository around `sources`, if
  /// there is one. Throws Error.
  static std::filesystem::path write(const std::filesystem::path& folder,
                                     const std::filesystem::path& sources);

  /// Throws Error if the file is not what write() writes.
  static Provenance read(const std::filesystem::path& file);

  /// The file of the whole diff beside it, which need not be there.
  static std::filesystem::path diff_of(const std::filesystem::path& file);
  /// The same where the changes were too many to keep, and the diff is only their beginning.
  static std::filesystem::path cut_diff_of(const std::filesystem::path& file);
};

}  // namespace epochal

#pragma once

#include <filesystem>
#include <string>

#include "db/records.h"

namespace epochal {

/// The environment variables of this process that affect runs: threads, devices, allocators and the
/// like.
std::map<std::string, std::string> environment_that_matters();

/// Passes the provenance and its diff from the command to the processes that do the runs: the
/// command line, the folder, and the sources with the changes to tracked files since the commit.
class ProvenanceFile {
 public:
  /// Writes both into an existing folder. The sources are the git repository around `sources`, if
  /// there is one. Throws Error.
  static std::filesystem::path write(const std::filesystem::path& folder,
                                     const std::filesystem::path& sources);

  /// Copies both into another existing folder, durably. Returns the copy of the file. Throws Error.
  static std::filesystem::path copy(const std::filesystem::path& file,
                                    const std::filesystem::path& folder);

  /// Throws Error if write() did not write the file.
  static store::Provenance read(const std::filesystem::path& file);

  /// The file of the whole diff, which may be missing.
  static std::filesystem::path diff_of(const std::filesystem::path& file);
  /// The same if the changes were too large, so that the diff is only their beginning.
  static std::filesystem::path cut_diff_of(const std::filesystem::path& file);
};

}  // namespace epochal

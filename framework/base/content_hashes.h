#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace epochal {

/// SHA-256, in hex, of each of these files below `folder`, read by several threads. The hashes are
/// kept in the user's cache folder: a file with the same size, times and inode is not read again. A
/// file that cannot be read has an empty hash.
std::vector<std::string> content_hashes(const std::filesystem::path& folder,
                                        const std::vector<std::filesystem::path>& files);

/// SHA-256 of single files, kept as long as this object exists: an unchanged file is not read
/// again.
class FileHashes {
 public:
  /// In hex. Throws Error if the file cannot be read.
  std::string of(const std::filesystem::path& file);

  /// What shows that a file has not changed. Copies keep the time of writing, but nobody can set
  /// the time of the change (st_ctime).
  struct Stamp {
    std::int64_t size = 0;
    std::int64_t written = 0;  ///< nanoseconds since 1970
    std::int64_t changed = 0;  ///< the same
    std::uint64_t number = 0;  ///< inode: a name may be given to another file
    bool operator==(const Stamp&) const = default;
  };
  struct Remembered {
    Stamp stamp;
    std::string hash;
  };

 private:
  std::map<std::filesystem::path, Remembered> remembered_;
};

}  // namespace epochal

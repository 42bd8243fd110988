#pragma once

#include <filesystem>

namespace epochal::store {

/// A folder in the store for temporary files of one process. Removed when the process ends, or by
/// the next `epochal gc` if it was killed.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::filesystem::path& store);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// Absolute.
  const std::filesystem::path& path() const { return path_; }

  /// Whether this is the name of a scratch folder whose process is gone.
  static bool is_left_over(const std::string& name);

 private:
  std::filesystem::path path_;
};

}  // namespace epochal::store

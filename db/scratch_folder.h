#pragma once

#include <filesystem>

namespace epochal {

/// A folder of the store for what one process needs while it runs; gone with the process, or,
/// should it be killed, with the next `epochal gc`.
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

}  // namespace epochal

#pragma once

#include <filesystem>
#include <string>

namespace epochal {

/// Where a folder of files is written until it is whole: beside the one that is wanted, or, where
/// that is there already, within it. Nothing stands under a name that it would have before the last
/// file is written; what is not moved into place is removed. A process that is killed leaves its
/// unfinished folder behind, and the next one that wants the same removes it.
class UnfinishedFolder {
 public:
  /// `hint`: what to do where nothing can be written there. Throws DiskFull or Error.
  UnfinishedFolder(const std::filesystem::path& wanted, std::string hint);
  ~UnfinishedFolder();
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// What it will be called: absolute.
  const std::filesystem::path& wanted() const { return wanted_; }

  /// Gives all that was written its name. Files that have the names already are replaced one by
  /// one, folders before plain files; others stay. Throws DiskFull or Error.
  void move_into_place() const;

 private:
  bool make(const std::filesystem::path& path);
  [[noreturn]] void fail(const std::error_code& error) const;

  std::filesystem::path wanted_;
  std::string hint_;
  std::filesystem::path path_;
  int lock_ = -1;  ///< a handle of the folder; the system unlocks it when its process is gone
};

/// Removes what killed processes have left of UnfinishedFolders for this one.
void remove_left_over(const std::filesystem::path& wanted);

}  // namespace epochal

#pragma once

#include <filesystem>
#include <string>

#include "framework/system/open_beneath.h"

namespace epochal {

/// A temporary folder in which files are written until all are complete: next to the final folder,
/// or within it if that exists. No file has its final name before the last one is written. Files
/// that are not moved into place are removed. A killed process leaves its unfinished folder behind;
/// the next process with the same target removes it.
class UnfinishedFolder {
 public:
  /// `hint`: advice if the folder cannot be written. Throws DiskFull or Error.
  UnfinishedFolder(const std::filesystem::path& wanted, std::string hint);
  ~UnfinishedFolder();
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// The absolute path of the final folder.
  const std::filesystem::path& wanted() const { return wanted_; }

  /// Gives all written files their final names. Replaces existing files one by one, folders before
  /// plain files; other files stay. Throws DiskFull or Error.
  void move_into_place() const;

 private:
  bool make(const std::filesystem::path& path);
  [[noreturn]] void fail(const std::error_code& error) const;

  std::filesystem::path wanted_;
  std::string hint_;
  std::filesystem::path path_;
  Handle lock_;  ///< a handle of the folder; the system unlocks it when its process ends
};

/// Removes unfinished folders that killed processes have left for this folder.
void remove_left_over(const std::filesystem::path& wanted);

}  // namespace epochal

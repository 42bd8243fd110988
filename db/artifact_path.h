#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "framework/system/open_beneath.h"

namespace epochal::store {

/// The file of an artifact's stored path, whether it exists or not. The database and the folder may
/// come from a stranger: throws Error if the path leads out of the store or over a symbolic link in
/// it.
std::filesystem::path artifact_file(const std::filesystem::path& store, const std::string& path);

/// An open file of an artifact: the file that was checked is the file that is read, even if the
/// store changes meanwhile.
class ReadableArtifact {
 public:
  ReadableArtifact(Handle handle, std::filesystem::path name)
      : handle_(std::move(handle)), name_(std::move(name)) {}

  /// A path to read from while this object exists. Not for messages.
  std::filesystem::path path() const { return handle_.path(); }
  /// Its path in the store.
  const std::filesystem::path& name() const { return name_; }

 private:
  Handle handle_;
  std::filesystem::path name_;
};

/// The file of an artifact's stored path; none if it is missing, not a regular file, or behind a
/// symbolic link, which could expose any file of the user. Throws Error if the path leads out of
/// the store.
std::optional<ReadableArtifact> readable_artifact(const std::filesystem::path& store,
                                                  const std::string& path);

/// Removes an artifact's file, and its folder if that is empty then, unless a symbolic link is on
/// the path. A file that stays only takes disk space.
void remove_artifact(const std::filesystem::path& store, const std::string& path);

/// Whether artifact_file() accepts the path.
bool is_within_store(const std::filesystem::path& store, const std::string& path);

/// Whether any part of a path within a folder is a symbolic link, not counting the folder.
bool leads_over_a_link(const std::filesystem::path& folder, const std::filesystem::path& within);

}  // namespace epochal::store

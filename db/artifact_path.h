#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "framework/system/open_beneath.h"

namespace epochal {

/// The file that an artifact's stored path names, be it there or not. The path comes from the
/// database, and what lies in the folder, too, may come from a stranger: throws Error if the path
/// leads out of the store, or over a symbolic link in it.
std::filesystem::path artifact_file(const std::filesystem::path& store, const std::string& path);

/// An artifact's file that is open: what was looked at is what is read, whoever changes the store
/// meanwhile.
class ReadableArtifact {
 public:
  ReadableArtifact(Handle handle, std::filesystem::path name)
      : handle_(std::move(handle)), name_(std::move(name)) {}

  /// To read from, as long as this object is there. It says nothing to people.
  std::filesystem::path path() const { return handle_.path(); }
  /// Where it lies in the store.
  const std::filesystem::path& name() const { return name_; }

 private:
  Handle handle_;
  std::filesystem::path name_;
};

/// The file that an artifact's stored path names; none if it is missing, no regular file, or behind
/// a symbolic link, which could show any file of the user's. Throws Error if the path leads out of
/// the store.
std::optional<ReadableArtifact> readable_artifact(const std::filesystem::path& store,
                                                  const std::string& path);

/// Removes an artifact's file, and its folder if it was the last in it, unless a symbolic link
/// stands on the way. What stays costs room, nothing else.
void remove_artifact(const std::filesystem::path& store, const std::string& path);

/// Whether artifact_file() takes the path.
bool is_within_store(const std::filesystem::path& store, const std::string& path);

/// Whether a symbolic link stands for any part of a path within a folder, itself not included.
bool leads_over_a_link(const std::filesystem::path& folder, const std::filesystem::path& within);

}  // namespace epochal

#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/records.h"
#include "framework/base/sample.h"

namespace epochal {

/// Files of an epoch that are durable, but lie under temporary names until somebody knows that the
/// attempt that made them goes on.
struct UnpublishedFiles {
  struct Piece {
    std::filesystem::path temporary;
    std::filesystem::path final;
  };

  std::vector<ArtifactRecord> artifacts;  ///< with their final names
  std::vector<Piece> pieces;              ///< files and folders

  /// Gives them their names, in place of what has them. Throws Error.
  void publish() const;
};

/// Whether a diff has all changes, or only the first of too many.
enum class DiffExtent { whole, cut };

/// The files of one run below `artifacts/` in its store: checkpoints, samples and logs, and the
/// artifact rows that name them.
class RunFolder {
 public:
  /// Makes the folder where it is missing. Throws Error.
  RunFolder(std::filesystem::path store, const std::string& identity);

  /// Makes the files that `save` writes into an empty folder durable, if it writes any, to be
  /// published as the checkpoint of `epoch`. Temporary names have `attempt` in them, so that two
  /// attempts do not meet. Throws Error.
  void save_checkpoint(const std::function<void(const std::filesystem::path& folder)>& save,
                       Epoch epoch, AttemptId attempt, UnpublishedFiles& files) const;

  /// Makes a sample durable in the same way, in a file whose ending says what its bytes are. Throws
  /// Error if it is too large, or the epoch has one of the same name already.
  void save_sample(const Sample& sample, Epoch epoch, AttemptId attempt,
                   UnpublishedFiles& files) const;

  /// Keeps a file of changes to the sources, named by its contents; returns its row. Runs with the
  /// same changes share one file (see share_diff).
  ArtifactRecord keep_diff(const std::filesystem::path& diff, DiffExtent extent) const;

  /// Its name within the store: "artifacts/" and the first digits of the identity.
  static std::string in_store(const std::string& identity);

  std::filesystem::path checkpoint(Epoch epoch) const;
  void remove_checkpoint(Epoch epoch) const;

  /// Removes what a writer that died or found the disk full has left unfinished.
  void remove_temporary_files() const;

  /// Where the run's program may keep files of its own; not made here, and no part of the record.
  std::filesystem::path own_files() const { return folder_ / kOwnFiles; }
  static constexpr char kOwnFiles[] = "files";

  /// Where the output of one attempt goes; `path` of the row is relative to the store.
  ArtifactRecord log(int number) const;

  const std::filesystem::path& path() const { return folder_; }

 private:
  std::string path_in_store(const std::filesystem::path& file) const;

  std::filesystem::path store_;
  std::filesystem::path folder_;
};

/// A checkpoint that can be restored.
struct SoundCheckpoint {
  Epoch epoch = 0;
  std::filesystem::path folder;
};

/// The newest whose files are all there with the recorded hashes, in one folder.
std::optional<SoundCheckpoint> newest_sound_checkpoint(
    const std::filesystem::path& store, const std::vector<ArtifactRecord>& artifacts);

}  // namespace epochal

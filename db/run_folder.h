#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/records.h"
#include "framework/base/sample.h"

namespace epochal::store {

/// Files of an epoch that are durable but have temporary names until it is known that their attempt
/// still owns the run.
struct UnpublishedFiles {
  struct Piece {
    std::filesystem::path temporary;
    std::filesystem::path final;
  };

  std::vector<ArtifactRecord> artifacts;  ///< with their final names
  std::vector<Piece> pieces;              ///< files and folders

  /// Gives them their final names and replaces existing files. Throws Error.
  void publish() const;
};

/// Whether a diff has all changes or is cut.
enum class DiffExtent { whole, cut };

/// The files of one run below `artifacts/` in its store: checkpoints, samples and logs, and the
/// artifact rows that name them.
class RunFolder {
 public:
  /// Creates the folder if it is missing. Throws Error.
  RunFolder(std::filesystem::path store, const std::string& identity);

  /// Calls `save` with an empty folder and makes the files that it writes durable, to be published
  /// as the checkpoint of `epoch`. Temporary names contain `attempt`, so that two attempts do not
  /// conflict. Throws Error.
  void save_checkpoint(const std::function<void(const std::filesystem::path& folder)>& save,
                       Epoch epoch, AttemptId attempt, UnpublishedFiles& files) const;

  /// Makes a sample durable in the same way, with a file extension that fits its bytes. Throws
  /// Error if it is too large or the epoch already has one of the same name.
  void save_sample(const Sample& sample, Epoch epoch, AttemptId attempt,
                   UnpublishedFiles& files) const;

  /// Stores a diff of the sources under the name of its hash and returns its row. Runs with the
  /// same changes share one file (see share_diff).
  ArtifactRecord keep_diff(const std::filesystem::path& diff, DiffExtent extent) const;

  /// Its name within the store: "artifacts/" and the first digits of the identity.
  static std::string in_store(const std::string& identity);

  std::filesystem::path checkpoint(Epoch epoch) const;
  void remove_checkpoint(Epoch epoch) const;

  /// Removes unfinished files of a writer that died or found the disk full.
  void remove_temporary_files() const;

  /// The folder in which the run's program may keep its own files. Not created here, and not part
  /// of the record.
  std::filesystem::path own_files() const { return folder_ / kOwnFiles; }
  static constexpr char kOwnFiles[] = "files";

  /// The log of one attempt; `path` of the row is relative to the store.
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

/// The newest checkpoint whose files are all present in one folder, with the recorded hashes.
std::optional<SoundCheckpoint> newest_sound_checkpoint(
    const std::filesystem::path& store, const std::vector<ArtifactRecord>& artifacts);

}  // namespace epochal::store

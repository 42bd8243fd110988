#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "db/declarations.h"
#include "db/records.h"
#include "db/step_chunk.h"
#include "db/store.h"

namespace epochal::store {

/// A file that another tool kept for a run, or a part of a file. It is read when the run is
/// recorded.
struct ImportedFile {
  std::string name;                       ///< with slashes and an extension, as the tool has it
  Epoch epoch = 0;                        ///< 0: the last one
  std::optional<std::int64_t> step = {};  ///< if the tool says it; StepValues makes the epoch of it
  std::string caption;
  std::filesystem::path folder;  ///< from which no link leads out
  std::filesystem::path within;  ///< the file, relative to the folder
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> bytes;  ///< none: to the end of the file
};

/// A run that another tool recorded.
struct ImportedRun {
  WholeRun whole;
  std::vector<StepChunk> steps;
  std::vector<ImportedFile> files;
};

/// What an importer found. A damaged run costs that run alone.
struct ImportedRuns {
  std::vector<ImportedRun> runs;
  std::vector<Declaration> declarations;
  std::vector<std::string> left_out;  ///< sentences about what was left out on purpose
  std::vector<std::string> damaged;   ///< a sentence for each run that could not be read

  /// A failure of `read` is a damaged run. `where` names the run for failures that do not.
  void attempt(const std::string& where, const std::function<void()>& read);

  /// Adds the run that `read` returns; a failure of it is a damaged run.
  void add(const std::string& where, const std::function<ImportedRun()>& read);
};

/// The most files of a run that are imported.
constexpr std::size_t kMostImportedFiles = 1000;

/// Adds the files of a folder to a run, by name, without those behind links. Files that are too
/// large or too many are left out, with a sentence.
void add_files(const std::filesystem::path& folder, ImportedRun& run,
               std::vector<std::string>& left_out);

/// A text of a tag or parameter, cut to what a store needs at most. Bytes that are not UTF-8 are
/// replaced, because tools that read the store in another language refuse them.
std::string imported_text(std::string_view text, std::size_t most = std::size_t{1} << 16);

/// Records the runs with their files. A run that is there is replaced, and keeps the time at which
/// it was created if the tool has none. Of runs that cannot be told apart the last one stays in
/// `found`, with a sentence. Throws Error.
void import_into(Store& store, ImportedRuns& found);

/// Runs of MLflow's file store: the folder of the store, of an experiment or of a run; or of its
/// SQLite database: the file, or a folder with mlflow.db. Deleted runs are left out. Throws Error
/// if there is no run.
ImportedRuns mlflow_runs(const std::filesystem::path& path);

/// Runs of an MLflow database. Artifacts are read only within the database's folder.
ImportedRuns mlflow_database_runs(const std::filesystem::path& file);

/// Runs of a log folder of TensorBoard: each folder with event files is a run. Throws Error if
/// there is none.
ImportedRuns tensorboard_runs(const std::filesystem::path& folder);

/// The trials of an Optuna database; each study becomes an experiment. Throws Error if there is
/// none.
ImportedRuns optuna_runs(const std::filesystem::path& file);

/// Runs that W&B recorded offline: a file *.wandb, the folder of a run, or a folder of such
/// folders. The logs of a resumed run are one run. Throws Error if there is none.
ImportedRuns wandb_runs(const std::filesystem::path& path);

}  // namespace epochal::store

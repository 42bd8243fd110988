// Names and durable writing of a run's files.

#include "db/run_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "db/artifact_path.h"
#include "db/shared_diff.h"
#include "framework/base/content.h"
#include "framework/base/disk_full.h"
#include "framework/base/printable.h"
#include "framework/base/sha256.h"
#include "framework/system/durable_file.h"
#include "framework/system/file_system.h"

namespace epochal::store {
namespace fs = std::filesystem;
namespace {

fs::path temporary_name(const fs::path& file, AttemptId attempt) {
  return file.string() + fmt::format(".{}.tmp", attempt.value);
}

}  // namespace

RunFolder::RunFolder(fs::path store, const std::string& identity)
    : store_(std::move(store)), folder_(store_ / in_store(identity)) {
  if (leads_over_a_link(store_, in_store(identity))) {
    throw Error("the run's folder is a symbolic link", folder_,
                "do not trust this store, or replace the link by a folder");
  }
  std::error_code error;
  make_folders_durably(folder_, error);
  if (error) {
    throw_write_error(error, folder_, "make the store writable, or choose another with --store");
  }
}

std::string RunFolder::in_store(const std::string& identity) {
  return "artifacts/" + identity.substr(0, 16);
}

std::string RunFolder::path_in_store(const fs::path& file) const {
  return file.lexically_relative(store_).string();
}

fs::path RunFolder::checkpoint(Epoch epoch) const {
  return folder_ / fmt::format("checkpoint-{:04}", epoch);
}

void UnpublishedFiles::publish() const {
  for (const Piece& piece : pieces) publish_path(piece.temporary, piece.final);
}

void RunFolder::save_checkpoint(const std::function<void(const fs::path&)>& save, Epoch epoch,
                                AttemptId attempt, UnpublishedFiles& files) const {
  const fs::path folder = checkpoint(epoch);
  const fs::path temporary = temporary_name(folder, attempt);
  fs::remove_all(temporary);
  fs::create_directory(temporary);
  save(temporary);
  if (fs::is_empty(temporary)) {
    fs::remove(temporary);
    return;
  }
  sync_folder(temporary);
  files.pieces.push_back({temporary, folder});

  for (const auto& entry : fs::directory_iterator(temporary)) {
    ArtifactRecord artifact;
    artifact.kind = ArtifactRecord::Kind::checkpoint;
    artifact.name = entry.path().filename();
    artifact.path = path_in_store(folder / entry.path().filename());
    artifact.sha256 = sha256_of_file(entry.path());
    artifact.bytes = static_cast<Bytes>(entry.file_size());
    artifact.epoch = epoch;
    files.artifacts.push_back(std::move(artifact));
  }
}

void RunFolder::save_sample(const Sample& sample, Epoch epoch, AttemptId attempt,
                            UnpublishedFiles& files) const {
  if (sample.bytes.size() > kLargestSample) {
    throw Error(fmt::format("the sample '{}' is larger than {} MiB", printable(sample.name, 80),
                            kLargestSample >> 20),
                {}, "let the experiment write a smaller one");
  }
  const Content content = content_of(
      {reinterpret_cast<const char*>(sample.bytes.data()), sample.bytes.size()}, sample.ending);
  const fs::path file = folder_ / fmt::format("{}-epoch-{:04}.{}", plain_file_stem(sample.name),
                                              epoch, content.ending);
  const std::string path = path_in_store(file);
  if (std::any_of(files.artifacts.begin(), files.artifacts.end(),
                  [&](const ArtifactRecord& other) { return other.path == path; })) {
    throw Error(fmt::format("the epoch has two samples '{}'", printable(sample.name, 80)), {},
                "let the experiment give each another name");
  }
  const fs::path temporary = temporary_name(file, attempt);
  write_durably(temporary, sample.bytes);
  files.pieces.push_back({temporary, file});
  ArtifactRecord artifact;
  artifact.kind = ArtifactRecord::Kind::sample;
  artifact.type = content.type;
  artifact.name = sample.name;
  artifact.caption = sample.caption;
  artifact.path = path;
  artifact.sha256 = sha256_of_file(temporary);
  artifact.bytes = static_cast<Bytes>(sample.bytes.size());
  artifact.epoch = epoch;
  files.artifacts.push_back(std::move(artifact));
}

ArtifactRecord RunFolder::keep_diff(const fs::path& diff, DiffExtent extent) const {
  ArtifactRecord artifact;
  artifact.kind = ArtifactRecord::Kind::diff;
  artifact.sha256 = sha256_of_file(diff);
  const bool is_whole = extent == DiffExtent::whole;
  artifact.name =
      fmt::format("sources-{}{}.diff", artifact.sha256.substr(0, 8), is_whole ? "" : ".cut");
  artifact.caption = is_whole
                         ? "changes to the sources since their commit"
                         : "the beginning of the changes to the sources since their commit: the "
                           "rest was too large";
  const fs::path file = folder_ / artifact.name;
  share_diff(store_, diff, artifact.sha256, file);
  artifact.path = path_in_store(file);
  artifact.bytes = static_cast<Bytes>(fs::file_size(file));
  return artifact;
}

void RunFolder::remove_checkpoint(Epoch epoch) const {
  std::error_code ignored;  // a file that stays only takes disk space
  fs::remove_all(checkpoint(epoch), ignored);
}

void RunFolder::remove_temporary_files() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() == ".tmp") fs::remove_all(entry.path(), ignored);
  }
}

ArtifactRecord RunFolder::log(int number) const {
  ArtifactRecord artifact;
  artifact.kind = ArtifactRecord::Kind::log;
  artifact.name = fmt::format("attempt-{}.log", number);
  artifact.path = path_in_store(folder_ / artifact.name);
  return artifact;
}

std::optional<SoundCheckpoint> newest_sound_checkpoint(
    const fs::path& store, const std::vector<ArtifactRecord>& artifacts) {
  struct Found {
    bool is_sound = true;
    fs::path folder;
  };
  std::map<Epoch, Found, std::greater<>> found;
  for (const ArtifactRecord& artifact : artifacts) {
    if (artifact.kind != ArtifactRecord::Kind::checkpoint || !artifact.epoch) continue;
    const std::optional<ReadableArtifact> file = readable_artifact(store, artifact.path);
    Found& checkpoint = found[*artifact.epoch];
    if (file && checkpoint.folder.empty()) checkpoint.folder = file->name().parent_path();
    checkpoint.is_sound = checkpoint.is_sound && file &&
                          file->name().parent_path() == checkpoint.folder &&
                          sha256_of_file(file->path()) == artifact.sha256;
  }
  for (const auto& [epoch, checkpoint] : found) {
    if (checkpoint.is_sound) return SoundCheckpoint{epoch, checkpoint.folder};
  }
  return std::nullopt;
}

}  // namespace epochal::store

// A file is written before its record, so a new file may still get one.

#include "db/maintenance/garbage.h"

#include <chrono>
#include <map>
#include <set>

#include "db/artifact_path.h"
#include "db/run_folder.h"
#include "db/scratch_folder.h"
#include "db/shared_diff.h"

namespace epochal::store {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  if (fs::is_symlink(folder, error)) return entries;  // its target does not belong to the store
  for (const auto& entry : fs::directory_iterator(folder, error)) entries.push_back(entry.path());
  return entries;
}

/// Whether neither the file nor anything in the folder was written for so long that no record will
/// follow.
bool is_settled(const fs::path& path) {
  using namespace std::chrono_literals;
  const auto settled = [limit = fs::file_time_type::clock::now() - 1h](const fs::path& file) {
    std::error_code error;
    const auto written = fs::last_write_time(file, error);
    return error || written < limit;
  };
  if (fs::is_symlink(path)) return true;
  if (!settled(path)) return false;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(path, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_symlink() && !settled(entry->path())) return false;
  }
  return true;
}

/// Files in a run's folder without a record: old and half-written checkpoints.
void add_unnamed(const Query& query, const RunRecord& run, const std::vector<fs::path>& entries,
                 std::vector<Garbage>& garbage) {
  std::set<std::string> named;
  for (const ArtifactRecord& artifact : query.artifacts(run.id)) {
    fs::path path = artifact.path;
    for (; path.has_relative_path(); path = path.parent_path()) named.insert(path.string());
  }
  for (const fs::path& entry : entries) {
    if (named.contains(entry.lexically_relative(query.folder()).string())) continue;
    if (entry.filename() == RunFolder::kOwnFiles) continue;
    if (!is_settled(entry)) continue;
    garbage.push_back({entry, bytes_below(entry), "no record names it"});
  }
}

/// Diffs of sources that no run uses.
void add_unshared(const fs::path& store, std::vector<Garbage>& garbage) {
  if (leads_over_a_link(store, kSharedDiffs)) return;
  for (const fs::path& shared : entries_of(store / kSharedDiffs)) {
    if (!is_unshared(shared) || !is_settled(shared)) continue;
    garbage.push_back({shared, bytes_below(shared), "no run uses it"});
  }
}

}  // namespace

Bytes bytes_below(const fs::path& path) {
  std::error_code error;
  if (fs::is_symlink(path, error)) return 0;
  if (fs::is_regular_file(path, error)) return static_cast<Bytes>(fs::file_size(path, error));
  Bytes bytes = 0;
  for (auto entry = fs::recursive_directory_iterator(path, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    // Removing a diff that other runs use frees nothing.
    if (!entry->is_symlink() && entry->is_regular_file() && entry->hard_link_count() == 1) {
      bytes += static_cast<Bytes>(entry->file_size());
    }
  }
  return bytes;
}

std::vector<Garbage> garbage_of(const Query& query) {
  const fs::path& store = query.folder();
  std::map<std::string, std::vector<fs::path>> run_folders;
  for (const fs::path& folder : entries_of(store / "artifacts")) {
    run_folders[folder.lexically_relative(store).string()] = entries_of(folder);
  }
  run_folders.erase(kSharedDiffs);
  std::vector<Garbage> garbage;
  add_unshared(store, garbage);
  for (const fs::path& entry : entries_of(store)) {
    if (!ScratchFolder::is_left_over(entry.filename().string())) continue;
    garbage.push_back({entry, bytes_below(entry), "left by a dead process"});
  }
  const std::vector<fs::path> jobs = entries_of(store / "slurm");

  std::map<std::string, RunRecord> runs;
  for (const RunRecord& run : query.bare_runs_by_id(query.select({}))) {
    runs.emplace(RunFolder::in_store(run.identity), run);
  }
  std::map<std::string, RunRecord> trashed;
  for (const RunRecord& run : query.trashed_runs()) {
    trashed.emplace(RunFolder::in_store(run.identity), run);
  }
  for (const auto& [folder, entries] : run_folders) {
    const auto run = runs.find(folder);
    if (run == runs.end()) {
      const bool is_trash = trashed.contains(folder);
      if (!is_trash && !is_settled(store / folder)) continue;
      garbage.push_back(
          {store / folder, bytes_below(store / folder), is_trash ? kInTheTrash : "no run uses it"});
    } else if (run->second.status != RunStatus::running) {
      add_unnamed(query, run->second, entries, garbage);
    }
  }
  std::set<std::string> open;
  for (const ClusterJob& job : query.open_cluster_jobs()) {
    open.insert(fs::path(job.folder).filename().string());
  }
  for (const fs::path& job : jobs) {
    if (open.contains(job.filename().string()) || !is_settled(job)) continue;
    garbage.push_back({job, bytes_below(job), "the Slurm job is over and merged"});
  }
  return garbage;
}

}  // namespace epochal::store

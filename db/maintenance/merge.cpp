// Copies runs between stores and decides which of two records of a run stays.

#include "db/maintenance/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "db/artifact_path.h"
#include "db/maintenance/lost_runs.h"
#include "db/run_folder.h"
#include "db/shared_diff.h"
#include "framework/base/disk_full.h"
#include "framework/base/sha256.h"
#include "framework/system/durable_file.h"
#include "framework/system/file_system.h"

namespace epochal::store {
namespace fs = std::filesystem;
namespace {

/// The rank of a status when two records have equally many epochs.
int weight_of(RunStatus status) {
  switch (status) {
    case RunStatus::finished:
      return 4;
    case RunStatus::stopped:
      return 3;
    case RunStatus::failed:
      return 2;
    case RunStatus::running:
    case RunStatus::interrupted:
      return 1;
    case RunStatus::queued:
      return 0;
  }
  return 0;
}

bool is_same_value(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// The first epoch at which two records of a run differ; 0 if all common epochs agree. A metric
/// need not be measured after every epoch: the last one of a shorter run may have more.
Epoch first_difference(const std::vector<EpochRecord>& a, const std::vector<EpochRecord>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    for (const auto& [name, value] : a[i].metrics) {
      const auto other = b[i].metrics.find(name);
      if (other != b[i].metrics.end() && !is_same_value(value, other->second)) return a[i].number;
    }
  }
  return 0;
}

bool is_same_attempt(const AttemptRecord& a, const AttemptRecord& b) {
  return a.host.name == b.host.name && a.process == b.process && a.started_at == b.started_at;
}

bool has_attempt(const std::vector<AttemptRecord>& attempts, const AttemptRecord& wanted) {
  return std::ranges::any_of(
      attempts, [&](const AttemptRecord& attempt) { return is_same_attempt(attempt, wanted); });
}

/// Whether another process is working on the run, by the record in this store.
bool is_being_worked_on(const WholeRun& here, const WholeRun& there) {
  if (here.run.status != RunStatus::running || here.attempts.empty()) return false;
  const AttemptRecord& last = here.attempts.back();
  return !last.ended_at && !is_lost(last) && !has_attempt(there.attempts, last);
}

/// Whether `there` is the record of the run to keep.
bool is_better(const WholeRun& there, const WholeRun& here) {
  if (there.epochs.size() != here.epochs.size()) return there.epochs.size() > here.epochs.size();
  const int weight_there = weight_of(there.run.status);
  const int weight_here = weight_of(here.run.status);
  if (weight_there != weight_here) return weight_there > weight_here;
  // The same attempts, but the last has ended since, or there are more of them.
  if (!here.attempts.empty() && !there.attempts.empty() && !here.attempts.back().ended_at &&
      there.attempts.back().ended_at && has_attempt(there.attempts, here.attempts.back())) {
    return true;
  }
  return there.attempts.size() > here.attempts.size() &&
         (here.attempts.empty() || has_attempt(there.attempts, here.attempts.back()));
}

class Merge {
 public:
  Merge(Store& into, const Query& from) : into_(into), from_(from), here_(into.folder()) {}

  void add(const RunRecord& run) {
    WholeRun there = from_.whole_run(run);
    const std::optional<RunRecord> known = here_.run_by_identity(run.identity);
    if (!known) {
      ++outcome_.added;
      take(std::move(there));
      return;
    }
    const WholeRun here = here_.whole_run(*known);
    const std::string name = "run " + run.short_identity();
    if (is_being_worked_on(here, there)) {
      ++outcome_.kept;
      outcome_.remarks.push_back(name + " is running here and was not changed");
      return;
    }
    const bool better = is_better(there, here);
    if (const Epoch epoch = first_difference(here.epochs, there.epochs); epoch > 0) {
      outcome_.remarks.push_back(
          fmt::format("{} is in both stores, and the records differ from epoch {}: kept {} with {} "
                      "epochs, dropped the one with {}",
                      name, epoch, better ? "the other store's record" : "this store's record",
                      better ? there.epochs.size() : here.epochs.size(),
                      better ? here.epochs.size() : there.epochs.size()));
      there.events.push_back({now(), "merge", outcome_.remarks.back()});
      const bool is_known = std::any_of(
          here.events.begin(), here.events.end(),
          [&](const EventRecord& event) { return event.text == outcome_.remarks.back(); });
      if (!better && !is_known) into_.add_event(known->id, "merge", outcome_.remarks.back());
    }
    if (!better) {
      into_.add_labels(known->id, there);
      ++outcome_.kept;
      return;
    }
    ++outcome_.replaced;
    there.run.epochs = std::max(there.run.epochs, known->epochs);
    replaced_.insert(replaced_.end(), here.artifacts.begin(), here.artifacts.end());
    take(std::move(there));
  }

  MergeOutcome finish(const std::vector<WholeSweep>& sweeps) {
    into_.import(
        taken_, sweeps, from_.declarations().all(),
        [&](const RunRecord& run, const Store::PutSteps& put) {
          from_.each_step_chunk(run.id, "", put);
        },
        [&](const RunRecord& run, const Store::PutSamples& put) {
          from_.each_validation_samples(run.id, put);
        });
    remove_files_without_a_row();
    return std::move(outcome_);
  }

 private:
  /// Removes files of replaced records, such as checkpoints of earlier epochs.
  void remove_files_without_a_row() const {
    std::set<std::string> named;
    for (const WholeRun& run : taken_) {
      for (const ArtifactRecord& artifact : run.artifacts) named.insert(artifact.path);
    }
    for (const ArtifactRecord& artifact : replaced_) {
      if (named.contains(artifact.path)) continue;
      remove_artifact(into_.folder(), artifact.path);
    }
  }

  void take(WholeRun run) {
    const std::string folder = RunFolder::in_store(run.run.identity) + "/";
    std::map<fs::path, fs::path> places;
    std::erase_if(run.artifacts,
                  [&](ArtifactRecord& artifact) { return !copy_in(artifact, folder, places); });
    taken_.push_back(std::move(run));
  }

  /// Copies the artifact's file here durably, under an unused name: existing files must stay until
  /// the record changes. False if the file is missing or does not have the recorded hash. `places`
  /// gets the new name of each file or folder of the run, relative to its folder.
  bool copy_in(ArtifactRecord& artifact, const std::string& folder,
               std::map<fs::path, fs::path>& places) {
    // A stranger's store must not reach into the folder of another run.
    if (!artifact.path.starts_with(folder)) {
      outcome_.remarks.push_back(
          fmt::format("{} is outside of its run's folder and was skipped", artifact.path));
      return false;
    }
    const std::optional<ReadableArtifact> source = readable_artifact(from_.folder(), artifact.path);
    if (!source) return false;
    const bool is_log = artifact.sha256.empty();
    if (!is_log && sha256_of_file(source->path()) != artifact.sha256) {
      outcome_.remarks.push_back(fmt::format(
          "{} is missing or does not have the recorded hash and was skipped", artifact.path));
      return false;
    }
    // The files of a checkpoint stay together: the folder gets the new name.
    const fs::path within = fs::path(artifact.path.substr(folder.size()));
    const fs::path first = *within.begin();
    const auto [place, is_new] = places.try_emplace(first);
    if (is_new) place->second = free_name(into_.folder() / folder, first);
    fs::path brought = place->second;
    for (auto part = std::next(within.begin()); part != within.end(); ++part) brought /= *part;
    artifact.path = folder + brought.string();
    const fs::path target = artifact_file(into_.folder(), artifact.path);
    std::error_code error;
    make_folders_durably(target.parent_path(), error);
    if (error) throw_write_error(error, target.parent_path(), "check the store's disk");
    if (artifact.kind == ArtifactRecord::Kind::diff) {
      share_diff(into_.folder(), source->path(), artifact.sha256, target);
    } else {
      copy_durably(source->path(), target);
    }
    return true;
  }

  /// The name, with a number if it is taken: checkpoint-0005.merged-2.
  static fs::path free_name(const fs::path& folder, const fs::path& name) {
    std::error_code error;
    fs::path free = name;
    for (int number = 2; fs::exists(fs::symlink_status(folder / free, error)); ++number) {
      free = name.stem().string() + fmt::format(".merged-{}", number) + name.extension().string();
    }
    return free;
  }

  Store& into_;
  const Query& from_;
  Query here_;
  std::vector<WholeRun> taken_;
  std::vector<ArtifactRecord> replaced_;
  MergeOutcome outcome_;
};

}  // namespace

MergeOutcome merge(Store& into, const Query& from) {
  Merge merge(into, from);
  for (const RunRecord& run : from.runs()) merge.add(run);
  return merge.finish(from.whole_sweeps());
}

MergeOutcome merge_runs(Store& into, const Query& from, const std::vector<RunId>& runs) {
  Merge merge(into, from);
  for (const RunRecord& run : from.runs_by_id(runs)) merge.add(run);
  return merge.finish({});
}

}  // namespace epochal::store

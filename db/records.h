#pragma once

// The rows of the store as plain values, shared by Store (writes) and Query (reads).

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/run_status.h"
#include "framework/base/content.h"
#include "framework/base/input_fingerprints.h"
#include "framework/base/parameters.h"
#include "framework/base/quantities.h"
#include "framework/base/timestamp.h"
#include "framework/base/validation_samples.h"
#include "framework/system/host.h"
#include "framework/system/process_identity.h"
#include "framework/system/utilisation.h"

namespace epochal::store {

struct RunId {
  std::int64_t value = 0;
  auto operator<=>(const RunId&) const = default;
};

struct AttemptId {
  std::int64_t value = 0;
  auto operator<=>(const AttemptId&) const = default;
};

/// The name under which a run's choices record the epoch after which its program ended by itself.
/// No parameter can have this name.
constexpr char kOwnEnd[] = "ended by itself";

struct SweepRecord {
  std::int64_t id = 0;
  std::string name;
  std::string content_hash;
  std::string file;
  std::string text;
  std::vector<std::string> overrides;
  std::string compare_by;
  Timestamp recorded_at = 0;
};

struct RunRecord {
  RunId id;
  std::string identity;
  std::string group_identity;  ///< the same for runs that differ only in the seed
  std::string experiment;
  int experiment_version = 0;
  std::uint64_t seed = 0;
  Epoch epochs = 0;  ///< wanted epochs
  RunStatus status = RunStatus::queued;
  InputFingerprints inputs;
  std::string code_version;
  Timestamp created_at = 0;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> ended_at;
  std::string error;
  Parameters parameters;
  /// The declaration of a command's program, as JSON; written here, and read by Query::command.
  std::string command;
  Epoch epochs_done = 0;
  Seconds trained{0};                   ///< sum over its epochs
  std::optional<Timestamp> trashed_at;  ///< when it was moved to the trash

  std::string short_identity() const { return identity.substr(0, 10); }
};

std::vector<RunId> ids_of(const std::vector<RunRecord>& runs);

/// The origin of an attempt: the command line, the folder, and the sources.
struct Provenance {
  std::string command;
  std::string directory;
  std::string git_commit;  ///< of the repository around the sweep file; empty without one
  bool git_is_dirty = false;
  std::map<std::string, std::string> environment;  ///< variables that affect the run
};

/// The progress of a running attempt in its current epoch.
struct LiveProgress {
  Epoch epoch = 0;
  std::int64_t done = 0;
  std::int64_t total = 0;

  bool operator==(const LiveProgress&) const = default;
};

/// What a worker records about itself when it claims a run.
struct AttemptStart {
  Host host;
  ProcessIdentity process;  ///< its boot is empty in records from before schema 7
  int threads = 1;
  std::map<std::string, std::string> libraries;
  std::string build;  ///< of the experiment's code (see PluginRegistry::build); empty if unknown
  Provenance provenance;
};

struct AttemptRecord : AttemptStart {
  AttemptId id;
  RunId run;
  std::string device;
  Timestamp started_at = 0;
  Timestamp heartbeat_at = 0;
  std::optional<Timestamp> ended_at;
  std::string end_reason;  ///< empty while it goes on
  std::optional<Epoch> first_epoch;
  std::optional<Epoch> last_epoch;
  std::optional<LiveProgress> live;
};

struct ArtifactRecord {
  enum class Kind { checkpoint, sample, log, diff };

  Kind kind = Kind::checkpoint;
  std::optional<ContentType> type;  ///< of a sample
  std::string name;
  std::string caption;
  std::string path;  ///< relative to the store
  std::string sha256;
  Bytes bytes = 0;
  std::optional<Epoch> epoch;
  std::int64_t id = 0;  ///< read; the store chooses it
};

std::string_view name_of(ArtifactRecord::Kind kind);

struct EpochRecord {
  Epoch number = 0;
  AttemptId attempt;  ///< the attempt that made it; set when it is committed
  Timestamp started_at = 0;
  Seconds seconds{0};  ///< the whole epoch: training, validation, samples and checkpoint
  Seconds train_seconds{0};
  Seconds data_wait_seconds{0};
  std::int64_t samples = 0;           ///< trained on
  std::optional<std::int64_t> steps;  ///< updates of the weights
  std::optional<double> learning_rate;
  std::optional<Bytes> peak_host_memory;
  std::optional<Bytes> peak_device_memory;
  std::optional<double> cpu_use;  ///< mean over the epoch, as in Utilisation
  std::optional<double> gpu_use;
  std::vector<Utilisation> utilisation;  ///< since it began; written; read by Query::utilisation
  Metrics metrics;
  ValidationSamples validation_samples;  ///< written; read by Query::validation_samples
};

/// One metric of one run, by epoch, as measured: epochs without it have no point.
struct SeriesPoint {
  Epoch epoch = 0;
  double value = 0;
};
using Series = std::vector<SeriesPoint>;

/// How far a run had come at the end of an epoch, where all epochs up to it say so.
struct EpochTotals {
  std::optional<std::int64_t> steps = 0;   ///< updates of the weights
  std::optional<std::int64_t> images = 0;  ///< samples trained on

  /// Adds the next epoch.
  void add(const EpochRecord& epoch);
};

/// The number of weight updates in the epochs up to `last`; none if one of them does not say, or
/// there is no epoch.
std::optional<std::int64_t> steps_of(const std::vector<EpochRecord>& epochs,
                                     Epoch last = std::numeric_limits<Epoch>::max());

/// The same for the samples that were trained on; none if one of the epochs has none.
std::optional<std::int64_t> images_of(const std::vector<EpochRecord>& epochs,
                                      Epoch last = std::numeric_limits<Epoch>::max());

/// The last epoch that ends by so many steps, or so many images if `limit` has no steps; none if
/// the run has not come that far, or one of its epochs does not say.
std::optional<Epoch> epoch_at(const std::vector<EpochRecord>& epochs, const EpochTotals& limit);

/// The summary of a metric over the epochs of a run. NaN is never the lowest or highest.
struct MetricSummary {
  double last = 0;
  std::optional<double> lowest;
  Epoch lowest_epoch = 0;
  std::optional<double> highest;
  Epoch highest_epoch = 0;
  double mean = 0;
};

/// The result of `epochal forecast` for a run.
struct ForecastRecord {
  std::string identity;  ///< of the run, which may not be recorded yet
  Timestamp made_at = 0;
  std::string host;
  std::string device;
  int threads = 1;
  Epoch epochs = 0;  ///< the epochs to do
  Seconds seconds{0};
  Bytes peak_bytes = 0;
  std::optional<Bytes> peak_device_bytes;
};

/// Something notable that happened to a run.
struct EventRecord {
  Timestamp at = 0;
  std::string kind;
  std::string text;
};

struct NoteRecord {
  Timestamp at = 0;
  std::string text;
};

/// A job array that was submitted to a cluster's scheduler.
struct ClusterJob {
  std::int64_t id = 0;
  std::string job;     ///< the scheduler's job number
  std::string folder;  ///< of its shards
  Timestamp submitted_at = 0;
  std::map<RunId, int> tasks;  ///< the task of the array for each run
};

/// One point that a sweep's adaptive search has asked for.
struct SearchTrial {
  std::int64_t sweep = 0;
  std::int64_t number = 0;   ///< from 0
  std::optional<RunId> run;  ///< none until it is queued, and after it was deleted
  Timestamp asked_at = 0;
  std::string point;      ///< the parameters that take part, as a JSON object
  bool is_model = false;  ///< whether it was learned from other trials
  std::string ended;      ///< the trials that it has learned from: "0-29,31"
  std::string running;    ///< the trials that had no result yet
};

/// What has come of a trial's run so far.
struct TrialResult {
  RunStatus status = RunStatus::queued;
  bool is_trashed = false;
  bool has_ended_itself = false;  ///< its program has, before its last epoch
  Epoch last_epoch = 0;           ///< with a value of the metric; 0: it has none
  double last = 0;                ///< NaN where it is
  std::optional<double> lowest;
  std::optional<double> highest;
};

/// Everything that a store has about a run, for copying it to another store.
struct WholeRun {
  RunRecord run;
  std::vector<EpochRecord> epochs;
  std::vector<AttemptRecord> attempts;
  std::vector<ArtifactRecord> artifacts;
  std::vector<EventRecord> events;
  std::map<std::string, std::string> choices;  ///< the values that `auto` was set to, by parameter
  std::map<std::string, std::string> tags;
  std::vector<NoteRecord> notes;
};

/// How far the runs of a sweep are, without those in the trash.
struct SweepProgress {
  std::int64_t runs = 0;
  std::map<std::string, std::int64_t> statuses;  ///< numbers of runs by status
  std::int64_t epochs_done = 0;
  std::int64_t epochs = 0;
};

/// A sweep with the identities of its runs by their position, and its search.
struct WholeSweep {
  SweepRecord sweep;
  std::map<std::int64_t, std::string> runs;
  /// The trials of its search, with the identities of their runs; empty for a trial without one.
  std::vector<std::pair<SearchTrial, std::string>> trials;
};

}  // namespace epochal::store

#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/cell_value.h"
#include "db/connection.h"
#include "db/declarations.h"
#include "db/filter/run_fields.h"
#include "db/filter/run_selection.h"
#include "db/maintenance/soundness.h"
#include "db/records.h"
#include "db/step_chunk.h"

namespace epochal::store {

/// The values by step of a run's metric, in summary.
struct StepMetric {
  std::string name;
  std::int64_t count = 0;
  std::int64_t first_step = 0;
  std::int64_t last_step = 0;
};

/// What a page shows of a run, to see whether it has changed.
struct RunState {
  std::size_t shown = 0;  ///< a hash of all but what follows
  std::int64_t epochs_done = 0;
  Timestamp heartbeat = 0;           ///< of the worker that does it; 0: nobody does
  std::optional<LiveProgress> live;  ///< while it runs

  bool operator==(const RunState&) const = default;
};

/// Everything that reads from a store.
class Query {
 public:
  /// Opens a store for reading (see Connection::open_for_reading).
  explicit Query(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return connection_.folder(); }

  /// All runs except those in the trash, oldest first.
  std::vector<RunRecord> runs() const;

  /// The runs in the trash, in the order in which they were moved there.
  std::vector<RunRecord> trashed_runs() const;

  /// The runs that match a selection, in its order. Throws Error (see select_runs).
  std::vector<RunId> select(const RunSelection& selection) const;

  /// The field, with its namespace, for a name in filters and columns. Throws Error (see
  /// resolved_field).
  FilterField field(std::string_view text) const;

  /// The runs of one sweep in its order.
  std::vector<RunRecord> runs_of_sweep(std::int64_t sweep) const;

  /// These runs, in this order, without deleted ones.
  std::vector<RunRecord> runs_by_id(const std::vector<RunId>& ids) const;
  /// The same without their parameters, which take most of the time for many runs.
  std::vector<RunRecord> bare_runs_by_id(const std::vector<RunId>& ids) const;

  /// Names of the parameters that these runs have.
  std::vector<std::string> parameter_names(const std::vector<RunId>& ids) const;
  /// The names of all parameters of all runs, those in the trash included; quick in any store.
  std::vector<std::string> parameter_names() const;
  /// The names of all tags, in order.
  std::vector<std::string> tag_names() const;
  /// The numbers of runs outside the trash, by experiment and status.
  std::map<std::pair<std::string, std::string>, std::int64_t> run_counts() const;

  /// Names of the parameters that have more than one value in the whole store.
  std::vector<std::string> varying_parameters() const;
  /// One parameter of these runs; runs without it have no entry.
  std::map<RunId, ParameterValue> parameter(const std::vector<RunId>& ids,
                                            const std::string& name) const;
  /// One field of these runs, such as seed; runs without it have no entry.
  std::map<RunId, CellValue> field(const std::vector<RunId>& ids, const RunField& field) const;
  /// Throws Error if it is not there.
  RunRecord run(RunId id) const;
  /// None if it is not there.
  std::optional<RunRecord> find_run(RunId id) const;

  /// Everything that the store has about a run.
  WholeRun whole_run(RunRecord run) const;

  /// The run with exactly this identity, if it exists.
  std::optional<RunRecord> run_by_identity(const std::string& identity) const;

  /// The declarations of all experiments.
  Declarations declarations() const;

  /// The values that `auto` was set to in a run, by parameter.
  std::map<std::string, std::string> choices(RunId run) const;

  /// The declaration of a run's program, as JSON; empty for a run of a plugin.
  std::string command(RunId run) const;

  /// Every sweep, the last one first.
  std::vector<SweepRecord> sweeps() const;
  /// Every sweep with its runs.
  std::vector<WholeSweep> whole_sweeps() const;
  /// How far sweeps are, by their ids, or one of them; sweeps without a run have no entry.
  std::map<std::int64_t, SweepProgress> sweep_progress(
      std::optional<std::int64_t> sweep = std::nullopt) const;
  /// The newest sweep, if any.
  std::optional<SweepRecord> newest_sweep() const;

  /// The run that a word names: the first digits of its identity; "@last", the run of the newest
  /// attempt; "@best", the finished run of the newest sweep that is best by the objective;
  /// "SWEEP:3", the third run of the newest sweep of this name. Throws Error if there is none or
  /// more than one, or if the runs of "@best" are not comparable.
  RunRecord run_named(std::string_view word) const;

  /// "NAME@HASH" of the sweep that "NAME" or "NAME@HASH" means now. Throws Error (see find_sweep).
  std::string sweep_word(const std::string& word) const;

  /// The newest recorded sweep of this name whose content hash begins with `hash`.
  std::optional<SweepRecord> sweep(const std::string& name, const std::string& content_hash) const;

  std::vector<EpochRecord> epochs(RunId run) const;
  /// The epochs after `after`, without their metrics, which may be many: see series().
  std::vector<EpochRecord> bare_epochs(RunId run, Epoch after = kBeforeAll) const;
  /// A metric of a run in its epochs after `after`; empty if it was never measured there.
  Series series(RunId run, const std::string& metric, Epoch after = kBeforeAll) const;
  /// Names of the metrics that any of these runs has, in alphabetical order.
  std::vector<std::string> metric_names(const std::vector<RunId>& runs) const;
  std::vector<AttemptRecord> attempts(RunId run) const;
  std::vector<AttemptRecord> open_attempts() const;
  /// The build of the experiment that made each run's last epoch. Runs without an epoch or a
  /// recorded build have no entry.
  std::map<RunId, std::string> builds(const std::vector<RunId>& runs) const;
  std::vector<ArtifactRecord> artifacts(RunId run) const;
  /// The logs among `artifacts`, at most one for each attempt, oldest first.
  std::vector<ArtifactRecord> logs(RunId run) const;
  std::vector<EventRecord> events(RunId run) const;
  std::map<std::string, std::string> tags(RunId run) const;
  std::vector<NoteRecord> notes(RunId run) const;
  std::map<Epoch, std::vector<Utilisation>> utilisation(RunId run) const;

  /// The names of the sweeps that ask for a run, newest first.
  std::vector<SweepRecord> sweeps_of(RunId run) const;

  /// The trials of a sweep's search by their numbers, with what has come of each by the metric;
  /// none for a trial without a run.
  std::vector<std::pair<SearchTrial, std::optional<TrialResult>>> search_trials(
      std::int64_t sweep, const std::string& metric) const;
  /// The trials that a run is, of all searches, with the name of each sweep.
  std::vector<std::pair<SearchTrial, std::string>> trials_of(RunId run) const;

  /// Last, lowest, highest and mean value of each metric of these runs.
  std::map<RunId, std::map<std::string, MetricSummary>> metric_summaries(
      const std::vector<RunId>& runs) const;

  /// Tags of these runs; runs without one have no entry.
  std::map<RunId, std::map<std::string, std::string>> tags_of(const std::vector<RunId>& runs) const;

  /// The values of a metric by epoch, for every run of a sweep that has some and has the same
  /// values of the parameters `within` as `run`.
  std::map<RunId, std::map<Epoch, double>> curves(std::int64_t sweep, const std::string& metric,
                                                  RunId run,
                                                  const std::set<std::string>& within) const;

  /// The place of each run in a sweep, from 0.
  std::map<RunId, std::int64_t> places(std::int64_t sweep) const;

  /// The metrics for which a run has values by step, in alphabetical order.
  std::vector<StepMetric> step_metrics(RunId run) const;
  /// Calls `sink` for all values by step of a run, or of one metric (empty: all), by metric and
  /// step. Throws Error for a damaged record.
  void each_step_chunk(RunId run, const std::string& metric,
                       const std::function<void(const StepChunk&)>& sink) const;
  /// The values by step of a metric in at most `count` bins. Throws Error for a damaged record.
  std::vector<StepBin> step_bins(RunId run, const StepMetric& metric, std::size_t count) const;

  /// The values of an epoch's metrics, or of one (empty: all), for each sample of the validation
  /// set; empty if none are recorded.
  ValidationSamples validation_samples(RunId run, Epoch epoch,
                                       const std::string& metric = {}) const;
  /// Calls `sink` with those of every epoch that has some.
  void each_validation_samples(
      RunId run, const std::function<void(Epoch, const ValidationSamples&)>& sink) const;

  /// The job arrays whose shards have not all been merged, oldest first.
  std::vector<ClusterJob> open_cluster_jobs() const;

  /// The newest forecast for a run.
  std::optional<ForecastRecord> forecast(const std::string& identity) const;

  /// A number that changes when another process or connection has written to the store.
  std::int64_t data_version() const;
  /// By identity, what lists and pages show about each run, without values by step.
  std::map<std::string, RunState> run_states() const;
  /// A hash of the sweeps and job arrays.
  std::size_t sweeps_state() const;

  /// The result of a health check: counts, damage of the database itself (empty if there is none;
  /// with damage nothing else is known), and rows that contradict each other.
  struct Health {
    std::int64_t runs = 0;
    std::int64_t epochs = 0;
    std::string damage;
    std::vector<RowFault> faults;
    bool is_sound() const { return damage.empty() && faults.empty(); }
  };
  Health health() const;

 private:
  /// A damaged store may have epochs with any number, which must not go unnoticed.
  static constexpr Epoch kBeforeAll = std::numeric_limits<Epoch>::min();

  std::vector<RunRecord> read_runs(const std::string& condition, const std::string& order,
                                   std::optional<std::int64_t> argument) const;
  std::vector<std::pair<SearchTrial, std::string>> whole_trials(std::int64_t sweep) const;
  RunRecord run_by_digits(std::string_view digits) const;
  RunRecord last_run() const;
  RunRecord best_run() const;
  RunRecord run_of_sweep(std::string_view sweep, std::string_view place) const;
  std::vector<AttemptRecord> select_attempts(const std::string& condition,
                                             std::int64_t argument) const;

  /// Returns the number of values without an epoch or without a metric name.
  std::int64_t read_metrics(RunId run, std::vector<EpochRecord>& epochs) const;
  /// "run 3f9c2a1b44 of STORE", for messages.
  std::string name_of_run(RunId run) const;

  Connection connection_;
};

}  // namespace epochal::store

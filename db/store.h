#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "db/connection.h"
#include "db/declarations.h"
#include "db/records.h"
#include "db/statement_cache.h"
#include "db/step_chunk.h"

namespace epochal::store {

/// Thrown when an attempt that is over wants to write: another process has taken over its run, or
/// the run is deleted.
class AttemptOver : public std::runtime_error {
 public:
  AttemptOver() : std::runtime_error("this attempt is over: another process has its run") {}
};

/// Everything that writes to a store. Each function is one transaction. Failures of SQLite are
/// thrown as SQLite::Exception (see explain()).
class Store {
 public:
  /// Opens or creates the store (see Connection::open_for_writing).
  explicit Store(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return connection_.folder(); }
  Connection& connection() { return connection_; }

  /// Whether the last statement failed because the disk is full, by the error of the system.
  bool is_out_of_room(const SQLite::Exception& exception);

  /// Records that a sweep asks for these runs, in this order. A new run is queued. A run with fewer
  /// epochs than wanted now is queued again. An unfinished run that was to have more epochs gets
  /// the number wanted now. A run in the trash is restored. An unfinished run that is not running
  /// gets the parameters given now: since its identity is the same, they differ only in the
  /// location of its inputs and in where to compute. Reads only identity, experiment, version,
  /// seed, epochs, inputs, code version, parameters and command of a run.
  std::vector<RunId> record_sweep(const SweepRecord& sweep, const std::vector<RunRecord>& runs);

  /// Adds a run to the runs of a sweep.
  RunId add_to_sweep(const SweepRecord& sweep, const RunRecord& run);

  /// Records a sweep with a search, or finds it. Returns its id.
  std::int64_t record_search(const SweepRecord& sweep);

  /// Adds the trial that `ask` gives to a search, and returns it; adds none if `ask` gives none. No
  /// other process writes meanwhile, so `ask` may use a Query: what that sees is the last word.
  std::optional<SearchTrial> add_trial(const std::function<std::optional<SearchTrial>()>& ask);

  /// Gives trials of a search their runs, by number, which are queued and belong to the sweep as
  /// record_sweep() does it. Returns the runs in the order of the trials.
  std::vector<RunId> record_trials(std::int64_t sweep,
                                   const std::map<std::int64_t, RunRecord>& runs);

  /// Claims a queued or interrupted run for this process; none if another process has it, or it is
  /// done, in the trash or deleted.
  std::optional<AttemptId> claim(RunId run, const AttemptStart& attempt);

  void record_device(AttemptId attempt, const std::string& device);

  /// Stores the declaration of an experiment; replaces the one of the same version.
  void declare(const Declaration& declaration);

  /// Adds a run's declarations of metrics. A metric or objective of the same name is replaced.
  void declare_also(const Declaration& declaration);

  /// Sets the seed of a run that became known only after its start.
  void record_seed(RunId run, std::uint64_t seed);

  /// Raises the number of epochs of a run that has more than were asked for.
  void lengthen(RunId run, Epoch epochs);

  /// Stores the value that a parameter's `auto` was set to, unless the run has one.
  void record_choice(RunId run, const std::string& parameter, const std::string& value);

  /// The same for a value that may change: stores the last one.
  void replace_choice(RunId run, const std::string& parameter, const std::string& value);

  /// Stores the progress and heartbeat of an attempt. Returns false if it is over.
  bool report_progress(AttemptId attempt, const LiveProgress& progress);
  /// Stores the heartbeat of an attempt. Returns false if it is over.
  bool report_heartbeat(AttemptId attempt);

  /// Stores the epoch with its metrics and artifacts, and removes the checkpoints of the epochs in
  /// `dropped_checkpoints`. `publish` gives the artifacts' durable files their names; no other
  /// process can take over the run meanwhile. Throws AttemptOver.
  void commit_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch,
                    const std::vector<ArtifactRecord>& artifacts,
                    const std::vector<Epoch>& dropped_checkpoints,
                    const std::function<void()>& publish = {});

  /// Stores values by step. A chunk replaces a shorter one with the same metric and first step.
  /// Throws AttemptOver.
  void put_steps(RunId run, AttemptId attempt, const std::vector<StepChunk>& chunks);

  /// Deletes the epochs after `last`, whose checkpoints are missing or damaged, with their values
  /// by step and those of an unfinished epoch. Throws AttemptOver.
  void drop_epochs_after(RunId run, AttemptId attempt, Epoch last);

  void add_artifact(RunId run, const ArtifactRecord& artifact);
  void add_event(RunId run, const std::string& kind, const std::string& text);

  /// Records a job array; its `id` is set.
  void add_cluster_job(ClusterJob& job);
  /// All shards of a job array have been merged.
  void end_cluster_job(const ClusterJob& job);

  /// Passes the values by step of an imported run to `put`.
  using PutSteps = std::function<void(const StepChunk&)>;
  using StepsOfRun = std::function<void(const RunRecord& run, const PutSteps& put)>;

  /// The same for the values of its metrics by sample of the validation set.
  using PutSamples = std::function<void(Epoch epoch, const ValidationSamples&)>;
  using SamplesOfRun = std::function<void(const RunRecord& run, const PutSamples& put)>;

  /// Imports runs from another store, each replacing the record here; sweeps, whose runs are added
  /// to the runs here; and declarations of experiments that have none here. The files must be
  /// durable before. Throws Error, and imports nothing, if a row violates the schema.
  void import(
      const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
      const std::vector<Declaration>& declarations = {},
      const StepsOfRun& steps = [](const auto&, const auto&) {},
      const SamplesOfRun& samples = [](const auto&, const auto&) {});

  /// Adds tags to a run and replaces those of the same name.
  void set_tags(RunId run, const std::map<std::string, std::string>& tags);
  /// Removes tags from a run; ignores tags that it does not have.
  void remove_tags(RunId run, const std::vector<std::string>& names);
  void add_note(RunId run, const std::string& text);
  /// Adds the tags and notes of another record of the run, if they are missing here.
  void add_labels(RunId run, const WholeRun& other);

  /// Moves runs to the trash, where only restore() and `gc` see them. A run that is running stays.
  /// Returns the number of moved runs.
  int trash(const std::vector<RunId>& runs);
  /// Restores runs from the trash. Returns the number of restored runs.
  int restore(const std::vector<RunId>& runs);
  /// Deletes all runs in the trash except running ones. Returns their identities: their files still
  /// exist.
  std::vector<std::string> empty_trash();

  /// Calls `set_aside` for each of these identities that no run has. No run can start meanwhile.
  void set_files_aside(const std::vector<std::string>& identities,
                       const std::function<void(const std::string& identity)>& set_aside);

  /// Stores a forecast; earlier ones of the run stay.
  void add_forecast(const ForecastRecord& forecast);

  /// Ends an attempt and sets the run's status. A run that lacks epochs does not become finished
  /// but interrupted. `reason`: one of the schema's end reasons. `error`: empty unless the run
  /// failed. Does nothing if the attempt has already ended. Returns whether this call has ended it.
  bool end_attempt(RunId run, AttemptId attempt, RunStatus status, const std::string& reason,
                   const std::string& error);

  /// Queues failed runs again, to resume after their last epoch.
  void retry_failed(const std::vector<RunId>& runs);

  /// Records that the run's program ended by itself after this epoch, before the last one.
  void record_own_end(RunId run, Epoch epoch);

  /// Queues runs that a stop rule ended; not those whose program ended by itself.
  void resume_stopped(const std::vector<RunId>& runs);

  /// Queues failed runs to start again: deletes their epochs.
  void restart_failed(const std::vector<RunId>& runs);

  /// Queues runs to start again, whatever their status: deletes their epochs. A running one goes
  /// on.
  void restart(const std::vector<RunId>& runs);

 private:
  void insert_whole(const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
                    const std::vector<Declaration>& declarations, const StepsOfRun& steps,
                    const SamplesOfRun& samples);
  void insert_declaration(const Declaration& declaration);
  void insert_trial(const SearchTrial& trial);
  /// Adds a trial of another store. If its number is another trial's here, it gets the next free
  /// one.
  void import_trial(SearchTrial trial);
  void join_trial(std::int64_t sweep, std::int64_t number, RunId run);
  bool has_declaration(const Declaration& declaration);
  /// `begin` queues a run that is to start again.
  void restart_by(const char* begin, const std::vector<RunId>& runs);
  std::int64_t upsert_sweep(const SweepRecord& sweep);
  void add_to_summary(RunId run, std::int64_t metric_name, Epoch epoch,
                      std::optional<double> value);
  void summarise_again(RunId run);
  void insert_utilisation(RunId run, const EpochRecord& epoch);
  void insert_validation_samples(RunId run, Epoch epoch, const ValidationSamples& samples);
  std::int64_t validation_set_id(const std::string& fingerprint);
  void insert_labels(RunId run, const WholeRun& whole);
  void insert_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch);
  /// Deletes the chunks of a run that are not among the given ones. Equal ones are not rewritten.
  void replace_steps(RunId run, const std::function<void(const PutSteps&)>& steps);
  void put_step_chunk(RunId run, const StepChunk& chunk);
  void check_goes_on(AttemptId attempt);
  AttemptId insert_attempt(RunId run, const AttemptRecord& attempt);
  RunId replace_run(const RunRecord& run);
  std::optional<RunId> id_of(const std::string& identity);
  void queue_again(const std::vector<RunId>& runs, RunStatus from);
  void change_status(RunId run, RunStatus to);
  bool has_epochs_left(RunId run);
  std::int64_t host_id(const Host& host);
  std::int64_t metric_name_id(const std::string& name);
  RunId queue_run(const RunRecord& run);
  void ask_for_less(RunId run, Epoch epochs);
  void set_parameters(RunId run, const Parameters& parameters);
  void set_command(RunId run, const std::string& declaration);

  Connection connection_;
  StatementCache statements_;
};

}  // namespace epochal::store

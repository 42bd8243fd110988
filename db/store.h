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

namespace epochal {

/// What a worker knows of itself when it takes up a run.
struct AttemptStart {
  HostRecord host;
  ProcessIdentity process;
  int threads = 1;
  std::map<std::string, std::string> libraries;
  std::string build;  ///< of the experiment's code
  Provenance provenance;
};

/// What an attempt that is over gets when it wants to write: another process has taken its run, or
/// the run is gone.
class AttemptOver : public std::runtime_error {
 public:
  AttemptOver() : std::runtime_error("this attempt is over: another process has its run") {}
};

/// All that is ever written to a store. Each function is one transaction: it happens whole or not
/// at all. Failures of SQLite come out as SQLite::Exception (see explain()).
class Store {
 public:
  /// Opens or makes the store (see Connection::open_for_writing).
  explicit Store(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return connection_.folder(); }
  Connection& connection() { return connection_; }

  /// Whether the last statement failed for want of room, by what the system said then.
  bool is_out_of_room(const SQLite::Exception& exception);

  /// Records that a sweep asks for these runs, in this order. A run that is not there yet is
  /// queued; one that has fewer epochs than asked for now is queued again; one that is not over and
  /// was asked for more before, now is asked for these; one in the trash comes
  /// out of it. One that is not over, and not running, takes the parameters asked for now: they
  /// differ only in where its inputs lie and where to compute, since its identity is the same. Of a
  /// run only identity, experiment, version, seed, epochs, inputs, code version, parameters
  /// and command are read.
  std::vector<RunId> record_sweep(const SweepRecord& sweep, const std::vector<RunRecord>& runs);

  /// Records a run besides those that the sweep has already.
  RunId add_to_sweep(const SweepRecord& sweep, const RunRecord& run);

  /// Takes a queued or interrupted run for this process; none if another has it, or it is done, in
  /// the trash or gone.
  std::optional<AttemptId> claim(RunId run, const AttemptStart& attempt);

  void record_device(AttemptId attempt, const std::string& device);

  /// Keeps what an experiment declares, in place of what it declared before in the same version.
  void declare(const Declaration& declaration);

  /// Keeps what a run says of metrics besides what is declared; a metric or an objective that it
  /// names anew takes the place of the old one.
  void declare_also(const Declaration& declaration);

  /// The seed of a run that was begun before anybody knew it.
  void record_seed(RunId run, std::uint64_t seed);

  /// A run has more epochs than were asked for.
  void lengthen(RunId run, Epoch epochs);

  /// Keeps what a parameter's `auto` came to, unless the run has something already.
  void record_choice(RunId run, const std::string& parameter, const std::string& value);

  /// The same for what may change: the last value stays.
  void replace_choice(RunId run, const std::string& parameter, const std::string& value);

  /// Says how far an attempt is, and that it goes on. Returns false if it is over.
  bool report_progress(AttemptId attempt, const LiveProgress& progress);
  /// Says that an attempt goes on. Returns false if it is over.
  bool report_heartbeat(AttemptId attempt);

  /// The epoch with its metrics and artifacts; artifacts of `dropped_checkpoints` epochs go.
  /// `publish` gives the files that the artifacts name, which must be durable, their names: nobody
  /// else can take over the run meanwhile. Throws AttemptOver.
  void commit_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch,
                    const std::vector<ArtifactRecord>& artifacts,
                    const std::vector<Epoch>& dropped_checkpoints,
                    const std::function<void()>& publish = {});

  /// Keeps values by step. A chunk takes the place of one of the same metric and first step, which
  /// had fewer. Throws AttemptOver.
  void put_steps(RunId run, AttemptId attempt, const std::vector<StepChunk>& chunks);

  /// Forgets the epochs behind `last`: their checkpoints are gone or damaged. Values by step of
  /// those epochs, and of one that was not finished, go too. Throws AttemptOver.
  void drop_epochs_after(RunId run, AttemptId attempt, Epoch last);

  void add_artifact(RunId run, const ArtifactRecord& artifact);
  void add_event(RunId run, const std::string& kind, const std::string& text);

  /// Records a job array; its `id` is set.
  void add_cluster_job(ClusterJob& job);
  /// All shards of a job array have been merged.
  void end_cluster_job(const ClusterJob& job);

  /// Hands the values by step of a run that is brought in to `put`.
  using PutSteps = std::function<void(const StepChunk&)>;
  using StepsOfRun = std::function<void(const RunRecord& run, const PutSteps& put)>;

  /// Takes over runs from another store, each in place of what is here of it, and sweeps, whose
  /// runs come besides those that are here, and what experiments declared of which nothing is here.
  /// The files must be durable before. Throws Error, and brings in nothing, if a row breaks a rule
  /// of the schema.
  void import(
      const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
      const std::vector<Declaration>& declarations = {},
      const StepsOfRun& steps = [](const auto&, const auto&) {});

  /// Gives a run tags, in place of those of the same name.
  void set_tags(RunId run, const std::map<std::string, std::string>& tags);
  /// Takes tags off a run; those that it does not have are ignored.
  void remove_tags(RunId run, const std::vector<std::string>& names);
  void add_note(RunId run, const std::string& text);
  /// Adds the tags and notes of another record of a run that this one does not have.
  void add_labels(RunId run, const WholeRun& other);

  /// Moves runs into the trash, where nothing but restore() and `gc` sees them. A run that is
  /// running stays. Returns how many were moved.
  int trash(const std::vector<RunId>& runs);
  /// Takes runs out of the trash; returns how many were in it.
  int restore(const std::vector<RunId>& runs);
  /// Forgets all runs of the trash for good, but for one that is running. Returns their identities:
  /// their files are still there.
  std::vector<std::string> empty_trash();

  /// Calls `set_aside` for each of these identities that no run has: meanwhile none can be begun.
  void set_files_aside(const std::vector<std::string>& identities,
                       const std::function<void(const std::string& identity)>& set_aside);

  /// Keeps a forecast beside the earlier ones of the run.
  void add_forecast(const ForecastRecord& forecast);

  /// Ends an attempt and gives the run the status that follows. `reason` is one of the schema's
  /// end reasons, `error` empty unless the run failed. An attempt that has ended already is left
  /// as it is, and so is its run. Returns whether this call has ended it.
  bool end_attempt(RunId run, AttemptId attempt, RunStatus status, const std::string& reason,
                   const std::string& error);

  /// Gives failed runs another chance: they go on after their last epoch.
  void retry_failed(const std::vector<RunId>& runs);

  /// Says that the run's program has ended by itself with this epoch, which was not to be its last.
  void record_own_end(RunId run, Epoch epoch);

  /// Lets runs go on that a rule had stopped; not those whose program has ended by itself.
  void resume_stopped(const std::vector<RunId>& runs);

  /// Gives failed runs another chance from the beginning: their epochs are forgotten.
  void restart_failed(const std::vector<RunId>& runs);

  /// Begins runs again, whatever became of them: their epochs are forgotten. One that is running
  /// goes on.
  void restart(const std::vector<RunId>& runs);

 private:
  void insert_whole(const std::vector<WholeRun>& runs, const std::vector<WholeSweep>& sweeps,
                    const std::vector<Declaration>& declarations, const StepsOfRun& steps);
  void insert_declaration(const Declaration& declaration);
  bool has_declaration(const Declaration& declaration);
  void insert_choice(RunId run, const std::string& parameter, const std::string& value);
  void restart_if(const std::vector<RunId>& runs, const std::string& condition);
  std::int64_t upsert_sweep(const SweepRecord& sweep);
  void add_to_summary(RunId run, std::int64_t metric_name, Epoch epoch,
                      std::optional<double> value);
  void summarise_again(RunId run);
  void insert_utilisation(RunId run, const EpochRecord& epoch);
  void insert_labels(RunId run, const WholeRun& whole);
  void insert_epoch(RunId run, AttemptId attempt, const EpochRecord& epoch);
  /// Of the steps that a run has those stay that are given again, unwritten; the others go.
  void replace_steps(RunId run, const std::function<void(const PutSteps&)>& steps);
  void put_step_chunk(RunId run, const StepChunk& chunk);
  void check_goes_on(AttemptId attempt);
  AttemptId insert_attempt(RunId run, const AttemptRecord& attempt);
  RunId replace_run(const RunRecord& run);
  void queue_again(const std::vector<RunId>& runs, RunStatus from);
  void change_status(RunId run, RunStatus to);
  std::int64_t host_id(const HostRecord& host);
  std::int64_t metric_name_id(const std::string& name);
  RunId queue_run(const RunRecord& run);
  void ask_for_less(RunId run, Epoch epochs);
  void set_parameters(RunId run, const Parameters& parameters);
  void set_command(RunId run, const std::string& declaration);

  Connection connection_;
  StatementCache statements_;
};

}  // namespace epochal

#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.h"
#include "db/records.h"

namespace epochal {

/// All that is read from a store.
class Query {
 public:
  /// Opens a store for reading (see Connection::open_for_reading).
  explicit Query(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return connection_.folder(); }

  /// All runs, oldest first.
  std::vector<RunRecord> runs() const;

  /// The runs of one sweep in its order.
  std::vector<RunRecord> runs_of_sweep(std::int64_t sweep) const;

  std::vector<RunRecord> runs_by_id(const std::vector<RunId>& ids) const;
  RunRecord run(RunId id) const;

  /// The run of this very identity, if it is there.
  std::optional<RunRecord> run_by_identity(const std::string& identity) const;

  /// Every sweep with its runs.
  std::vector<WholeSweep> whole_sweeps() const;

  /// The run whose identity starts with `prefix`. Throws Error if there is none or more than one.
  RunRecord run_by_prefix(std::string_view prefix) const;

  /// The recorded sweep of this name and content, or, with an empty hash, the one of this name
  /// that was recorded last.
  std::optional<SweepRecord> sweep(const std::string& name, const std::string& content_hash) const;

  std::vector<EpochRecord> epochs(RunId run) const;
  std::vector<AttemptRecord> attempts(RunId run) const;
  std::vector<AttemptRecord> open_attempts() const;
  std::vector<ArtifactRecord> artifacts(RunId run) const;
  std::vector<EventRecord> events(RunId run) const;

  /// The values of a metric by epoch of every run of a sweep that has some; with a parameter's name
  /// in `within`, only of those that have the same value of it as `run`.
  std::map<RunId, std::map<Epoch, double>> curves(std::int64_t sweep, const std::string& metric,
                                                  RunId run, const std::string& within) const;

  /// The job arrays whose shards have not all been merged, oldest first.
  std::vector<ClusterJob> open_cluster_jobs() const;

  /// The newest forecast for a run.
  std::optional<ForecastRecord> forecast(const std::string& identity) const;

  /// The metrics of every run's last epoch; runs without an epoch have none.
  std::vector<RunSummary> summaries() const;

  /// Counts of rows that a health check shows: runs, epochs, and what SQLite's own quick check says
  /// ("ok" when sound).
  struct Health {
    std::int64_t runs = 0;
    std::int64_t epochs = 0;
    std::string integrity;
  };
  Health health() const;

 private:
  std::vector<RunRecord> select_runs(const std::string& condition, const std::string& order,
                                     std::optional<std::int64_t> argument) const;
  std::vector<AttemptRecord> select_attempts(const std::string& condition,
                                             std::int64_t argument) const;

  Connection connection_;
};

}  // namespace epochal

// What has changed in a store since the last look.

#include <SQLiteCpp/Statement.h>

#include "db/query.h"
#include "db/query_columns.h"

namespace epochal::store {
namespace {

using SQLite::Statement;

/// A hash of the columns of a row from `from` to before `end`.
std::size_t hash_of(const Statement& row, int from, int end) {
  std::string text;
  for (int i = from; i < end; ++i) {
    text += row.getColumn(i).getString();
    text += '\n';
  }
  return std::hash<std::string>{}(text);
}

std::optional<LiveProgress> progress_of(const Statement& row, int first) {
  const std::optional<Epoch> epoch = optional_epoch(row.getColumn(first));
  if (!epoch) return std::nullopt;
  return LiveProgress{*epoch, row.getColumn(first + 1).getInt64(),
                      row.getColumn(first + 2).getInt64()};
}

}  // namespace

std::int64_t Query::data_version() const {
  Statement row(connection_.database(), "pragma data_version");
  row.executeStep();
  return row.getColumn(0).getInt64();
}

std::map<std::string, RunState> Query::run_states() const {
  constexpr int kFirst = 1, kHeartbeat = 11, kProgress = 12;
  Statement row(connection_.database(), R"(
    select identity, status, epochs, epochs_done, run.ended_at, error,
           (select max(id) from artifact where run_id = run.id),
           (select max(id) from note where run_id = run.id),
           (select group_concat(name || '=' || value, char(10)) from tag where run_id = run.id),
           (select max(id) from attempt where run_id = run.id), open.device,
           open.heartbeat_at, open.doing_epoch, open.done_samples, open.total_samples
    from run
    left join attempt open on open.id = case when status = 'running' then
      (select max(id) from attempt where run_id = run.id and ended_at is null) end
    where trashed_at is null)");
  std::map<std::string, RunState> states;
  while (row.executeStep()) {
    states.emplace(row.getColumn(0).getString(),
                   RunState{hash_of(row, kFirst, kHeartbeat), row.getColumn(3).getInt64(),
                            row.getColumn(kHeartbeat).getDouble(), progress_of(row, kProgress)});
  }
  return states;
}

std::size_t Query::sweeps_state() const {
  Statement row(connection_.database(),
                "select (select count(*) from sweep), (select max(recorded_at) from sweep), "
                "(select count(*) from sweep_run), (select count(*) from cluster_job)");
  row.executeStep();
  return hash_of(row, 0, row.getColumnCount());
}

}  // namespace epochal::store

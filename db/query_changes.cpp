// What has changed in a store since the last look.

#include <SQLiteCpp/Statement.h>

#include "db/query.h"

namespace epochal::store {
namespace {

using SQLite::Statement;

/// A hash of all columns of a row behind the first `from`.
std::size_t hash_of(const Statement& row, int from) {
  std::string text;
  for (int i = from; i < row.getColumnCount(); ++i) {
    text += row.getColumn(i).getString();
    text += '\n';
  }
  return std::hash<std::string>{}(text);
}

}  // namespace

std::int64_t Query::data_version() const {
  Statement row(connection_.database(), "pragma data_version");
  row.executeStep();
  return row.getColumn(0).getInt64();
}

std::map<std::string, RunState> Query::run_states() const {
  Statement row(connection_.database(), R"(
    select identity, status, epochs, epochs_done, ended_at, error,
           (select max(id) from artifact where run_id = run.id),
           (select max(id) from note where run_id = run.id),
           (select group_concat(name || '=' || value, char(10)) from tag where run_id = run.id),
           (select max(id) from attempt where run_id = run.id),
           case when status = 'running' then
             (select group_concat(heartbeat_at || ' ' || ifnull(doing_epoch, 0) || ' ' ||
                                  ifnull(done_samples, 0) || ' ' || device)
                from attempt where run_id = run.id and ended_at is null) end
    from run where trashed_at is null)");
  std::map<std::string, RunState> states;
  while (row.executeStep()) {
    states.emplace(row.getColumn(0).getString(),
                   RunState{hash_of(row, 1), row.getColumn(3).getInt64()});
  }
  return states;
}

std::size_t Query::sweeps_state() const {
  Statement row(connection_.database(),
                "select (select count(*) from sweep), (select max(recorded_at) from sweep), "
                "(select count(*) from sweep_run), (select count(*) from cluster_job)");
  row.executeStep();
  return hash_of(row, 0);
}

}  // namespace epochal::store

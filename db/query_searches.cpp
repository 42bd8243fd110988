// Reads the trials of adaptive searches.

#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include "db/query.h"
#include "db/query_columns.h"
#include "framework/base/error.h"

namespace epochal::store {

using SQLite::Statement;

namespace {

constexpr char kTrialColumns[] =
    "sweep_id, number, search_trial.run_id, asked_at, point, method, search_trial.ended, running";

/// Reads kTrialColumns.
SearchTrial read_trial(Statement& row) {
  constexpr std::int64_t kHighest = 1'000'000'000;
  SearchTrial trial;
  trial.sweep = row.getColumn(0).getInt64();
  trial.number = row.getColumn(1).getInt64();
  if (trial.number < 0 || trial.number > kHighest) {
    throw Error(fmt::format("a search has a trial with the number {}", trial.number), {},
                "check the store with `epochal doctor`");
  }
  if (!row.getColumn(2).isNull()) trial.run = RunId{row.getColumn(2).getInt64()};
  trial.asked_at = row.getColumn(3).getDouble();
  trial.point = row.getColumn(4).getString();
  trial.is_model = row.getColumn(5).getString() == "model";
  trial.ended = row.getColumn(6).getString();
  trial.running = row.getColumn(7).getString();
  return trial;
}

/// Reads kTrialColumns and a text.
std::pair<SearchTrial, std::string> read_trial_and_text(Statement& row) {
  SearchTrial trial = read_trial(row);
  return {std::move(trial), row.getColumn(8).getString()};
}

std::optional<TrialResult> read_result(Statement& row) {
  if (row.getColumn(8).isNull()) return std::nullopt;
  TrialResult result;
  result.status = run_status(row.getColumn(8).getString());
  result.is_trashed = !row.getColumn(9).isNull();
  result.has_ended_itself = row.getColumn(10).getInt() != 0;
  result.last_epoch = optional_epoch(row.getColumn(11)).value_or(0);
  result.last = real_or_nan(row.getColumn(12));
  result.lowest = optional_real(row.getColumn(13));
  result.highest = optional_real(row.getColumn(14));
  return result;
}

}  // namespace

std::vector<std::pair<SearchTrial, std::optional<TrialResult>>> Query::search_trials(
    std::int64_t sweep, const std::string& metric) const {
  Statement row(connection_.database(),
                std::string("select ") + kTrialColumns +
                    ", status, trashed_at, "
                    "exists (select 1 from choice where choice.run_id = run.id and "
                    "parameter = :own_end and value = cast(epochs_done as text)), "
                    "last_epoch, last, lowest, highest "
                    "from search_trial left join run on run.id = search_trial.run_id "
                    "left join metric_summary on metric_summary.run_id = run.id and "
                    "name_id = (select id from metric_name where name = :metric) "
                    "where sweep_id = :sweep order by number");
  bind_values(row, {{":own_end", kOwnEnd}, {":metric", metric}, {":sweep", sweep}});
  return read_all(row, [](Statement& one) {
    SearchTrial trial = read_trial(one);
    return std::pair(std::move(trial), read_result(one));
  });
}

/// The trials of a sweep with the identities of their runs.
std::vector<std::pair<SearchTrial, std::string>> Query::whole_trials(std::int64_t sweep) const {
  Statement row(connection_.database(), std::string("select ") + kTrialColumns +
                                            ", coalesce(identity, '') from search_trial "
                                            "left join run on run.id = search_trial.run_id "
                                            "where sweep_id = :sweep order by number");
  row.bind(":sweep", sweep);
  return read_all(row, read_trial_and_text);
}

std::vector<std::pair<SearchTrial, std::string>> Query::trials_of(RunId run) const {
  Statement row(connection_.database(),
                std::string("select ") + kTrialColumns +
                    ", name from search_trial join sweep on sweep.id = sweep_id "
                    "where search_trial.run_id = :run order by recorded_at desc, number");
  row.bind(":run", run.value);
  return read_all(row, read_trial_and_text);
}

}  // namespace epochal::store

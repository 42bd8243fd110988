// Metrics by step: chunks that grow while a run goes on.

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <set>
#include <utility>

#include "db/query.h"
#include "db/query_columns.h"
#include "db/store.h"
#include "db/store_statements.h"

namespace epochal::store {

using SQLite::Statement;
using SQLite::Transaction;

namespace {

void bind_bytes(Statement& statement, const char* name, const std::string& bytes) {
  statement.bind(name, bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

void Store::put_steps(RunId run, AttemptId attempt, const std::vector<StepChunk>& chunks) {
  Transaction transaction(connection_.database(), kWrite);
  check_goes_on(attempt);
  for (const StepChunk& chunk : chunks) put_step_chunk(run, chunk);
  transaction.commit();
}

void Store::put_step_chunk(RunId run, const StepChunk& chunk) {
  const PreparedStatement put = statements_.prepare(
      "insert into step_chunk (run_id, name_id, epoch, first_step, last_step, stride, count, "
      "steps, vals) values (:run, :name, :epoch, :first, :last, :stride, :count, :steps, :vals) "
      "on conflict (run_id, name_id, first_step) do update set epoch = excluded.epoch, "
      "last_step = excluded.last_step, stride = excluded.stride, count = excluded.count, "
      "steps = excluded.steps, vals = excluded.vals "
      "where step_chunk.vals is not excluded.vals or step_chunk.steps is not excluded.steps or "
      "step_chunk.stride is not excluded.stride or step_chunk.epoch is not excluded.epoch");
  const std::int64_t stride = stride_of(chunk.steps);
  if (stride == 0) bind_bytes(*put, ":steps", bytes_of(chunk.steps));
  bind_bytes(*put, ":vals", bytes_of(chunk.values));
  execute(*put, {{":run", run.value},
                 {":name", metric_name_id(chunk.metric)},
                 {":epoch", chunk.epoch},
                 {":first", chunk.steps.front()},
                 {":last", chunk.steps.back()},
                 {":stride", stride},
                 {":count", chunk.steps.size()}});
}

void Store::replace_steps(RunId run, const std::function<void(const PutSteps&)>& steps) {
  std::set<std::pair<std::string, std::int64_t>> there;
  steps([&](const StepChunk& chunk) {
    put_step_chunk(run, chunk);
    there.emplace(chunk.metric, chunk.steps.front());
  });
  std::vector<std::int64_t> gone;
  const PreparedStatement row = statements_.prepare(
      "select step_chunk.id, name, first_step from step_chunk "
      "join metric_name on metric_name.id = name_id where run_id = :run");
  row->bind(":run", run.value);
  while (row->executeStep()) {
    if (!there.contains({row->getColumn(1).getString(), row->getColumn(2).getInt64()})) {
      gone.push_back(row->getColumn(0).getInt64());
    }
  }
  row->reset();
  for (const std::int64_t id : gone) {
    statements_.execute("delete from step_chunk where id = :id", {{":id", id}});
  }
}

std::vector<StepMetric> Query::step_metrics(RunId run) const {
  Statement row(connection_.database(),
                "select name, sum(count), min(first_step), max(last_step) from step_chunk "
                "join metric_name on metric_name.id = name_id where run_id = :run "
                "group by name_id order by name");
  row.bind(":run", run.value);
  return read_all(row, [](const Statement& one) {
    return StepMetric{one.getColumn(0).getString(), one.getColumn(1).getInt64(),
                      one.getColumn(2).getInt64(), one.getColumn(3).getInt64()};
  });
}

void Query::each_step_chunk(RunId run, const std::string& metric,
                            const std::function<void(const StepChunk&)>& sink) const {
  Statement row(connection_.database(),
                "select name, epoch, first_step, stride, count, steps, vals from step_chunk "
                "join metric_name on metric_name.id = name_id where run_id = :run "
                "and (:metric = '' or name = :metric) order by name, first_step");
  bind_values(row, {{":run", run.value}, {":metric", metric}});
  StepChunk chunk;
  while (row.executeStep()) {
    chunk.metric = row.getColumn(0).getString();
    chunk.epoch = row.getColumn(1).getInt();
    StepColumns columns;
    columns.first_step = row.getColumn(2).getInt64();
    columns.stride = row.getColumn(3).getInt64();
    columns.count = row.getColumn(4).getInt64();
    columns.steps = row.getColumn(5).getString();
    columns.values = row.getColumn(6).getString();
    if (!unpack(columns, chunk)) {
      throw Error("the record of steps is damaged: " + name_of_run(run), {},
                  "check the store with `epochal doctor`");
    }
    sink(chunk);
  }
}

std::vector<StepBin> Query::step_bins(RunId run, const StepMetric& metric,
                                      std::size_t count) const {
  StepBinning binning(metric.first_step, metric.last_step, count);
  each_step_chunk(run, metric.name, [&](const StepChunk& chunk) { binning.add(chunk); });
  return binning.bins();
}

}  // namespace epochal::store

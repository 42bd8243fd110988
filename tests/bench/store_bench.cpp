// What it costs to record an epoch durably, beside SQLite alone that is given the same rows.

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "db/store.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

constexpr int kMetrics = 20;

store::EpochRecord epoch_record(Epoch number) {
  store::EpochRecord epoch;
  epoch.number = number;
  epoch.started_at = now();
  epoch.seconds = Seconds(3.5);
  epoch.train_seconds = Seconds(3.0);
  epoch.data_wait_seconds = Seconds(0.1);
  epoch.samples = 1000;
  epoch.learning_rate = 5e-4;
  epoch.peak_host_memory = 1 << 30;
  epoch.cpu_use = 0.9;
  for (int i = 0; i < kMetrics; ++i) {
    epoch.metrics[fmt::format("metric.{:02}", i)] = 1.0 / (number + i);
  }
  return epoch;
}

void record_epoch(benchmark::State& state) {
  const test::TemporaryFolder folder;
  store::Store store(folder.path());
  store::RunRecord run;
  run.identity = std::string(64, 'a');
  run.experiment = "noop";
  run.experiment_version = 1;
  run.epochs = 1'000'000;
  const store::RunId id = store.record_sweep({}, {run}).front();
  const store::AttemptId attempt = store.claim(id, {}).value();
  Epoch number = 0;
  for (auto _ : state) store.commit_epoch(id, attempt, epoch_record(++number), {}, {});
}

void insert_epoch_row(SQLite::Statement& statement, const store::EpochRecord& epoch) {
  statement.bind(1, epoch.number);
  statement.bind(2, epoch.started_at);
  statement.bind(3, epoch.seconds.count());
  statement.bind(4, epoch.train_seconds.count());
  statement.bind(5, epoch.data_wait_seconds.count());
  statement.bind(6, epoch.samples);
  statement.bind(7, *epoch.learning_rate);
  statement.bind(8, *epoch.peak_host_memory);
  statement.bind(9, *epoch.cpu_use);
  statement.exec();
  statement.reset();
}

/// One insert a row into two tables: no foreign keys, no names, no summaries of metrics.
void bare_transaction(benchmark::State& state) {
  const test::TemporaryFolder folder;
  SQLite::Database database(folder / "bare.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("pragma journal_mode = wal");
  database.exec("pragma synchronous = full");
  database.exec(
      "create table epoch (run integer, number integer, attempt integer, started_at real, "
      "seconds real, train_seconds real, wait_seconds real, samples integer, rate real, "
      "peak integer, cpu_use real, primary key (run, number)) strict, without rowid;"
      "create table metric (run integer, name integer, epoch integer, value real, "
      "primary key (run, name, epoch)) strict, without rowid");
  SQLite::Statement insert_epoch(database,
                                 "insert into epoch values (1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)");
  SQLite::Statement insert_metric(database, "insert into metric values (1, ?, ?, ?)");
  Epoch number = 0;
  for (auto _ : state) {
    const store::EpochRecord epoch = epoch_record(++number);
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    insert_epoch_row(insert_epoch, epoch);
    int name = 0;
    for (const auto& [text, value] : epoch.metrics) {
      insert_metric.bind(1, ++name);
      insert_metric.bind(2, epoch.number);
      insert_metric.bind(3, value);
      insert_metric.exec();
      insert_metric.reset();
    }
    transaction.commit();
  }
}

BENCHMARK(record_epoch)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare_transaction)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace epochal

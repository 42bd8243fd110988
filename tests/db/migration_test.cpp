#include "db/migration.h"

#include <gtest/gtest.h>

#include <SQLiteCpp/Transaction.h>

#include <thread>

#include "db/maintenance/backup.h"
#include "db/query.h"
#include "db/store.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

/// A store as the first schema had it, with a thousand runs of three epochs.
void make_old_store(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  SQLite::Database database((folder / "epochal.db").string(),
                            SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  database.exec("pragma journal_mode = wal");
  migrate(database, 1);
  SQLite::Transaction transaction(database);
  database.exec(
      "insert into metric_name values (1, 'val.loss');"
      "insert into host (id, fingerprint, name, cpu, cores, memory_bytes, os) values (1, 'f', "
      "'old', 'a CPU', 2, 1000, 'Linux')");
  database.exec(
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) "
      "insert into run (id, identity, experiment, experiment_version, seed, epochs, status, "
      "data_fingerprint, weights_fingerprint, code_version, created_at) "
      "select i, printf('%064x', i), 'noop', 1, i, 3, 'finished', '', '', 'old', i from n");
  database.exec(
      "insert into attempt (id, run_id, host_id, pid, pid_start, threads, libraries, started_at, "
      "heartbeat_at, ended_at, end_reason) select id, id, 1, 1, 1, 1, '{}', 1, 1, 1, 'finished' "
      "from run");
  database.exec(
      "insert into epoch (run_id, number, attempt_id, started_at, seconds, train_seconds, "
      "data_wait_seconds, samples) select run.id, n.value, run.id, 1, 1, 1, 0, 10 from run, "
      "json_each('[1, 2, 3]') as n");
  database.exec(
      "insert into metric (run_id, name_id, epoch, value) select run_id, 1, number, 1.0 / number "
      "from epoch");
  transaction.commit();
}

/// Samples of before schema 10 are pictures.
TEST(Migration, OldSamplesArePictures) {
  const test::TemporaryFolder folder;
  make_old_store(folder.path());
  {
    SQLite::Database database((folder / "epochal.db").string(), SQLite::OPEN_READWRITE);
    database.exec(
        "insert into artifact (run_id, epoch, kind, name, path) values "
        "(1, 1, 'sample', 'grid', 'artifacts/1/grid.png'), (1, 1, 'log', 'log', 'artifacts/1/l')");
  }
  const std::vector<ArtifactRecord> artifacts = Query(folder.path()).artifacts(RunId{1});
  EXPECT_EQ(artifacts.at(0).type, ContentType::picture);
  EXPECT_EQ(artifacts.at(1).type, std::nullopt);
}

/// Runs of before schema 8 have what their experiments would declare now.
TEST(Migration, RunsOfKnownExperimentsGetTheirDeclarations) {
  const test::TemporaryFolder folder;
  make_old_store(folder.path());
  {
    SQLite::Database database((folder / "epochal.db").string(), SQLite::OPEN_READWRITE);
    database.exec("update run set experiment = 'adain', experiment_version = 3 where id = 1");
    database.exec("update run set experiment = 'ones_own' where id = 2");
  }
  const Query query(folder.path());
  const Declarations declared = query.declarations();
  const RunRecord noop = query.run(RunId{7});
  EXPECT_EQ(declared.objective(noop), "val.loss");
  EXPECT_EQ(declared.metric(noop, "val.loss")->better, Better::lower);
  EXPECT_TRUE(declared.meaning(noop, "val.loss").empty());
  const RunRecord adain = query.run(RunId{1});
  EXPECT_EQ(declared.objective(adain), "val.total");
  EXPECT_TRUE(declared.meaning(adain, "val.total").contains("gamma"));
  EXPECT_FALSE(declared.meaning(adain, "val.style").contains("gamma"));
  EXPECT_TRUE(declared.meaning(adain, "val.style").contains("image_size"));
  EXPECT_EQ(declared.metric(query.run(RunId{2}), "val.loss"), nullptr);
}

TEST(Migration, AnOldStoreIsBackedUpAndKeepsEverything) {
  const test::TemporaryFolder folder;
  make_old_store(folder.path());
  const Query query(folder.path());
  EXPECT_EQ(query.runs().size(), 1000u);
  EXPECT_EQ(query.health().epochs, 3000);
  EXPECT_EQ(query.run(RunId{7}).epochs_done, 3);
  EXPECT_EQ(query.epochs(RunId{7}).at(2).metrics.at("val.loss"), 1.0 / 3);
  EXPECT_FALSE(query.forecast(query.run(RunId{7}).identity)) << "a table of the new schema";
  EXPECT_EQ(query.epochs(RunId{7}).at(2).steps, std::nullopt) << "a column of the new schema";
  EXPECT_TRUE(query.trials_of(RunId{7}).empty()) << "a table of the new schema";
  EXPECT_EQ(steps_of(query.epochs(RunId{7})), std::nullopt);
  EXPECT_EQ(query.attempts(RunId{7}).at(0).build, "") << "nobody knows it any more";

  ASSERT_EQ(backups_in(folder.path()).size(), 1u);
  SQLite::Database backup(backups_in(folder.path()).front().string(), SQLite::OPEN_READONLY);
  EXPECT_EQ(schema_of(backup), 1);
  EXPECT_EQ(backup.execAndGet("select count(*) from epoch").getInt(), 3000);
  EXPECT_EQ(backup.execAndGet("pragma integrity_check").getString(), "ok");
}

TEST(Migration, LeavesDatabasesOfOthersAlone) {
  const std::vector<std::string> others{
      "create table mail (id integer primary key, text text)",
      "create table mail (id integer primary key); pragma user_version = 3",
      "create table run (id integer primary key)",
      "pragma user_version = 1",
      "pragma application_id = 7",
      "pragma application_id = 1701867363; pragma user_version = -5"};
  for (const std::string& sql : others) {
    const test::TemporaryFolder folder;
    const std::string file = (folder / "epochal.db").string();
    SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
    const std::string before = test::read_file(file);
    test::expect_error("another program's database", [&] { Store{folder.path()}; });
    test::expect_error("another program's database", [&] { Query{folder.path()}; });
    EXPECT_EQ(test::read_file(file), before) << sql;
  }
}

TEST(Migration, FollowsNoLinkOutOfTheFolder) {
  const test::TemporaryFolder folder;
  const test::TemporaryFolder other;
  { const Store store(other.path()); }
  std::filesystem::create_symlink(other / "epochal.db", folder / "epochal.db");
  test::expect_error("is a symbolic link", [&] { Store{folder.path()}; });
  test::expect_error("is a symbolic link", [&] { Query{folder.path()}; });
  EXPECT_FALSE(std::filesystem::exists(folder / "artifacts"));
}

TEST(Migration, HappensOnceHoweverManyOpenTheStoreAtOnce) {
  const test::TemporaryFolder folder;
  make_old_store(folder.path());
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      if (i % 2 == 0) {
        EXPECT_NO_THROW(Store{folder.path()});
      } else {
        EXPECT_NO_THROW(EXPECT_EQ(Query(folder.path()).runs().size(), 1000u));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(backups_in(folder.path()).size(), 1u);
  EXPECT_TRUE(Query(folder.path()).health().is_sound());
}

TEST(Migration, ANewStoreNeedsNoBackup) {
  const test::TemporaryFolder folder;
  Store{folder.path()};
  EXPECT_TRUE(backups_in(folder.path()).empty());
}

}  // namespace
}  // namespace epochal::store

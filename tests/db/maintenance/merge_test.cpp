#include "db/maintenance/merge.h"

#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <tuple>

#include "db/step_chunk.h"
#include "framework/base/sha256.h"
#include "framework/plugin/plugin_registry.h"
#include "framework/runner/worker.h"
#include "tests/support/expect_in.h"
#include "tests/support/recorded_noop_run.h"
#include "tests/support/temporary_folder.h"

namespace epochal::store {
namespace {

class MergeTest : public testing::Test {
 protected:
  /// Runs the same run of noop in a store; `rate` tells runs apart.
  void run(const std::string& store_name, Epoch epochs, const std::string& rate = "0.1") {
    Store store(folder_ / store_name);
    const RunId run = test::record_noop_run(store, registry_, "learning_rate = " + rate, epochs);
    work(store, Query(store.folder()), registry_, run, {});
  }

  MergeOutcome bring(const std::string& from, const std::string& into) {
    Store store(folder_ / into);
    return merge(store, Query(folder_ / from));
  }

  Query query(const std::string& store) { return Query(folder_ / store); }

  void change_b(const std::string& sql) { Store(folder_ / "b").connection().database().exec(sql); }

  test::TemporaryFolder folder_;
  PluginRegistry registry_{{EPOCHAL_PLUGIN_FOLDER}};
};

TEST_F(MergeTest, BringsRunsSweepsAndFilesOnce) {
  run("a", 3);
  run("b", 2, "0.2");
  EXPECT_EQ(bring("b", "a").added, 1u);
  const Query merged = query("a");
  ASSERT_EQ(merged.runs().size(), 2u);
  const RunRecord run = merged.runs().back();
  EXPECT_EQ(run.status, RunStatus::finished);
  EXPECT_EQ(merged.epochs(run.id).size(), 2u);
  EXPECT_EQ(merged.epochs(run.id).back().metrics, query("b").epochs(RunId{1}).back().metrics);
  EXPECT_EQ(merged.attempts(run.id).size(), 1u);
  EXPECT_EQ(merged.whole_sweeps().size(), 2u);
  EXPECT_FALSE(merged.artifacts(run.id).empty());
  for (const ArtifactRecord& artifact : merged.artifacts(run.id)) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "a" / artifact.path)) << artifact.path;
  }
  const MergeOutcome again = bring("b", "a");
  EXPECT_EQ(again.added + again.replaced, 0u);
  EXPECT_EQ(again.kept, 1u);
}

TEST_F(MergeTest, KeepsTheRecordWithMoreEpochs) {
  run("short", 2);
  run("long", 4);
  EXPECT_EQ(bring("short", "long").kept, 1u);
  EXPECT_EQ(query("long").runs().front().epochs_done, 4);
  EXPECT_EQ(bring("long", "short").replaced, 1u);
  const Query query = this->query("short");
  EXPECT_EQ(query.runs().front().epochs_done, 4);
  EXPECT_TRUE(query.health().is_sound());
  EXPECT_FALSE(query.artifacts(RunId{1}).empty());
  for (const ArtifactRecord& artifact : query.artifacts(RunId{1})) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "short" / artifact.path)) << artifact.path;
  }
}

TEST_F(MergeTest, StepsThatAreThereAlreadyAreNotWrittenAgain) {
  run("short", 2);
  run("long", 4);
  const auto put = [&](const std::string& store, int id, int first_step, double value) {
    const std::string values = bytes_of(std::vector<double>{value});
    Store opened(folder_ / store);
    SQLite::Database& database = opened.connection().database();
    database.exec("insert or ignore into metric_name (name) values ('loss')");
    SQLite::Statement insert(
        database,
        "insert into step_chunk (id, run_id, name_id, epoch, first_step, last_step, stride, count, "
        "vals) select :id, 1, id, 1, :step, :step, 1, 1, :vals from metric_name "
        "where name = 'loss'");
    insert.bind(":id", id);
    insert.bind(":step", first_step);
    insert.bind(":vals", values.data(), static_cast<int>(values.size()));
    insert.exec();
  };
  put("short", 70, 1, 0.5);
  put("short", 71, 2, 0.25);
  put("short", 72, 3, 9);
  put("long", 1, 1, 0.5);
  put("long", 2, 2, 0.125);
  put("long", 3, 4, 0.0625);
  EXPECT_EQ(bring("long", "short").replaced, 1u);
  Store merged(folder_ / "short");
  SQLite::Statement row(merged.connection().database(),
                        "select id, first_step, step_value(vals, 0) from step_chunk "
                        "order by first_step");
  std::vector<std::tuple<int, int, double>> rows;
  while (row.executeStep()) {
    rows.emplace_back(row.getColumn(0).getInt(), row.getColumn(1).getInt(),
                      row.getColumn(2).getDouble());
  }
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0], std::tuple(70, 1, 0.5)) << "the row that was there";
  EXPECT_EQ(rows[1], std::tuple(71, 2, 0.125));
  EXPECT_EQ(std::get<2>(rows[2]), 0.0625);
}

TEST_F(MergeTest, SaysWhenTwoRecordsOfOneRunDiffer) {
  run("a", 3);
  run("b", 3);
  EXPECT_TRUE(bring("b", "a").remarks.empty());
  change_b("update metric set value = value + 1 where epoch >= 2");
  const MergeOutcome outcome = bring("b", "a");
  ASSERT_EQ(outcome.remarks.size(), 1u);
  test::expect_in(outcome.remarks[0], "differ from epoch 2: kept this store's record");
  EXPECT_EQ(query("a").events(RunId{1}).back().kind, "merge");
}

TEST_F(MergeTest, OneThatFailsLeavesEveryFileAsItWas) {
  run("a", 3);
  std::filesystem::copy(folder_ / "a", folder_ / "b", std::filesystem::copy_options::recursive);
  run("b", 6);
  change_b("pragma foreign_keys = off; update epoch set attempt_id = 99 where number = 6");
  const auto is_sound = [&] {
    const Query here = query("a");
    for (const ArtifactRecord& artifact : here.artifacts(RunId{1})) {
      if (artifact.sha256.empty()) continue;
      if (sha256_of_file(folder_ / "a" / artifact.path) != artifact.sha256) return false;
    }
    return here.epochs(RunId{1}).size() == 3;
  };
  ASSERT_TRUE(is_sound());
  EXPECT_ANY_THROW(bring("b", "a"));
  EXPECT_TRUE(is_sound());
}

TEST_F(MergeTest, WhatWasBroughtGoesOnFromItsCheckpoint) {
  run("a", 3);
  run("b", 5);
  EXPECT_EQ(bring("b", "a").replaced, 1u);
  run("a", 8);
  const Query merged = query("a");
  EXPECT_EQ(merged.epochs(RunId{1}).size(), 8u);
  for (const EventRecord& event : merged.events(RunId{1})) EXPECT_NE(event.kind, "rollback");
  const auto attempts = merged.attempts(RunId{1});
  EXPECT_EQ(attempts.back().first_epoch, 6);
}

TEST_F(MergeTest, LeavesOutFilesThatAreNotWhatWasRecorded) {
  run("b", 2);
  const auto artifacts = query("b").artifacts(RunId{1});
  test::write_file(folder_ / "b" / artifacts.back().path, "something else");
  const MergeOutcome outcome = bring("b", "a");
  ASSERT_EQ(outcome.remarks.size(), 1u);
  EXPECT_EQ(query("a").artifacts(RunId{1}).size(), artifacts.size() - 1);
}

TEST_F(MergeTest, AStrangersStoreCannotReachOtherRuns) {
  run("a", 2);
  const std::string mine = query("a").artifacts(RunId{1}).front().path;
  const std::string before = test::read_file(folder_ / "a" / mine);
  run("b", 2, "0.2");
  test::write_file(folder_ / "b" / mine, "not yours");
  change_b("update artifact set sha256 = null, path = '" + mine + "' where id = 1");
  EXPECT_EQ(bring("b", "a").remarks.size(), 1u);
  EXPECT_EQ(test::read_file(folder_ / "a" / mine), before);
}

}  // namespace
}  // namespace epochal::store

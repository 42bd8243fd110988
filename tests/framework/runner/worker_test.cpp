#include "framework/runner/worker.h"

#include <gtest/gtest.h>

#include <cmath>

#include "db/run_folder.h"
#include "tests/support/expect_error.h"
#include "tests/support/recorded_noop_run.h"
#include "tests/support/with_store.h"

namespace epochal {
namespace {

class WorkerTest : public test::WithStore {
 protected:
  store::RunId ask_for(const std::string& params, Epoch epochs) {
    return test::record_noop_run(store_, registry_, params, epochs);
  }

  WorkEnd do_work(store::RunId run) { return work(store_, query_, registry_, run, options_); }

  store::RunRecord run(store::RunId id) { return query().run(id); }

  store::Query query_{folder_.path()};
  PluginRegistry registry_{{EPOCHAL_PLUGIN_FOLDER}};
  WorkOptions options_;
};

TEST_F(WorkerTest, RecordsEveryEpoch) {
  const store::RunId id = ask_for("", 3);
  EXPECT_EQ(do_work(id), WorkEnd::finished);

  const store::Query query = this->query();
  EXPECT_EQ(query.run(id).status, store::RunStatus::finished);
  const auto epochs = query.epochs(id);
  ASSERT_EQ(epochs.size(), 3u);
  EXPECT_EQ(epochs[1].number, 2);
  EXPECT_EQ(epochs[1].samples, 100);
  EXPECT_EQ(epochs[1].learning_rate, 0.1);
  EXPECT_EQ(epochs[1].steps, 10);
  EXPECT_EQ(store::steps_of(epochs, 1), 10);
  EXPECT_EQ(epochs[1].metrics.size(), 2u);
  EXPECT_GE(epochs[1].seconds, epochs[1].train_seconds);
  const auto attempts = query.attempts(id);
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(attempts[0].end_reason, "finished");
  EXPECT_EQ(attempts[0].last_epoch, 3);
  EXPECT_FALSE(attempts[0].host.os.empty());
}

TEST_F(WorkerTest, KeepsTheLastTwoCheckpoints) {
  const store::RunId id = ask_for("", 4);
  do_work(id);
  const store::RunFolder folder(folder_.path(), run(id).identity);
  EXPECT_FALSE(std::filesystem::exists(folder.checkpoint(2)));
  EXPECT_TRUE(std::filesystem::exists(folder.checkpoint(3)));
  EXPECT_TRUE(std::filesystem::exists(folder.checkpoint(4)));
}

TEST_F(WorkerTest, BeginsNoEpochThatDoesNotFitIntoItsTime) {
  const store::RunId id = ask_for("sleep = 0.2", 50);
  options_.deadline = Deadline::clock::now() + std::chrono::seconds(1);
  EXPECT_EQ(do_work(id), WorkEnd::interrupted);
  // An epoch of a busy machine may take longer than the one before it.
  EXPECT_TRUE(Deadline::clock::now() <= *options_.deadline + std::chrono::seconds(1))
      << "it stops before its time is up, not after";
  const store::Query query = this->query();
  EXPECT_GE(query.epochs(id).size(), 2u);
  EXPECT_LE(query.epochs(id).size(), 5u);
  EXPECT_EQ(query.events(id).back().kind, kBudgetEvent);

  options_.deadline.reset();
  ask_for("sleep = 0.2", 50);
  EXPECT_EQ(query.run(id).status, store::RunStatus::interrupted);
}

TEST_F(WorkerTest, StopsInAnEpochWhoseTimeIsUp) {
  const store::RunId id = ask_for("sleep = 5", 2);
  options_.deadline = Deadline::clock::now() + std::chrono::milliseconds(700);
  EXPECT_EQ(do_work(id), WorkEnd::interrupted);
  EXPECT_TRUE(Deadline::clock::now() < *options_.deadline + std::chrono::seconds(2));
  EXPECT_EQ(query().epochs(id).size(), 0u);
}

TEST_F(WorkerTest, KeepsEveryCheckpointWhenAskedTo) {
  options_.keep_checkpoints = KeepCheckpoints::all;
  const store::RunId id = ask_for("", 4);
  do_work(id);
  const store::RunFolder folder(folder_.path(), run(id).identity);
  for (Epoch epoch = 1; epoch <= 4; ++epoch) {
    EXPECT_TRUE(std::filesystem::exists(folder.checkpoint(epoch)));
  }
}

TEST_F(WorkerTest, MoreEpochsContinueTheRunExactly) {
  const store::RunId whole = ask_for("word = \"whole\"", 6);
  do_work(whole);
  const store::RunId parted = ask_for("word = \"parted\"", 2);
  do_work(parted);
  EXPECT_EQ(ask_for("word = \"parted\"", 6), parted);
  EXPECT_EQ(do_work(parted), WorkEnd::finished);

  const store::Query query = this->query();
  const auto expected = query.epochs(whole);
  const auto found = query.epochs(parted);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].metrics, expected[i].metrics);
  EXPECT_EQ(query.attempts(parted).size(), 2u);
}

TEST_F(WorkerTest, GoesBackToASoundCheckpointWhenTheNewestIsTorn) {
  const store::RunId id = ask_for("", 3);
  do_work(id);
  const auto before = query().epochs(id);
  const store::RunFolder folder(folder_.path(), run(id).identity);
  test::write_file(folder.checkpoint(3) / "state.json", "{\"state\": 0.1");

  ask_for("", 4);
  EXPECT_EQ(do_work(id), WorkEnd::finished);
  const store::Query query = this->query();
  const auto after = query.epochs(id);
  ASSERT_EQ(after.size(), 4u);
  EXPECT_EQ(after[2].metrics, before[2].metrics);  // epoch 3, done again
  ASSERT_EQ(query.events(id).size(), 1u);
  EXPECT_EQ(query.events(id)[0].kind, "rollback");
}

TEST_F(WorkerTest, RecordsTheErrorOfAFailedRun) {
  const store::RunId id = ask_for("fail_at = 2", 3);
  EXPECT_EQ(do_work(id), WorkEnd::failed);
  EXPECT_EQ(run(id).status, store::RunStatus::failed);
  EXPECT_EQ(run(id).error, "the experiment was told to fail at epoch 2");
  EXPECT_EQ(run(id).epochs_done, 1);
}

TEST_F(WorkerTest, StopsPolitelyAndGoesOn) {
  const store::RunId id = ask_for("", 3);
  int asked = 0;
  options_.stop_requested = [&] { return ++asked > 15; };  // in the middle of the second epoch
  EXPECT_EQ(do_work(id), WorkEnd::interrupted);
  EXPECT_EQ(run(id).status, store::RunStatus::interrupted);
  EXPECT_EQ(run(id).epochs_done, 1);

  options_.stop_requested = [] { return false; };
  EXPECT_EQ(do_work(id), WorkEnd::finished);
}

TEST_F(WorkerTest, ARunIsDoneByOneWorkerOnly) {
  const store::RunId id = ask_for("", 1);
  EXPECT_EQ(do_work(id), WorkEnd::finished);
  EXPECT_EQ(do_work(id), WorkEnd::not_ours);
}

TEST_F(WorkerTest, KeepsNaNAsNaN) {
  const store::RunId id = ask_for("diverge_at = 2", 2);
  do_work(id);
  const auto epochs = query().epochs(id);
  EXPECT_FALSE(std::isnan(epochs[0].metrics.at("train.loss")));
  EXPECT_TRUE(std::isnan(epochs[1].metrics.at("train.loss")));
}

TEST_F(WorkerTest, ChecksParametersOfAStrangeStore) {
  const store::RunId id = ask_for("", 1);
  store_.connection().database().exec(
      "update parameter set value = -5 where name = 'dataset_size'");
  EXPECT_EQ(do_work(id), WorkEnd::failed);
  EXPECT_NE(run(id).error.find("dataset_size = -5 is out of range"), std::string::npos);
}

}  // namespace
}  // namespace epochal

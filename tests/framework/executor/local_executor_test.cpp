// Real worker processes of the built program.

#include "framework/executor/local_executor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "framework/system/process.h"
#include "tests/support/recorded_noop_run.h"
#include "tests/support/wait_until.h"
#include "tests/support/with_store.h"

namespace epochal {
namespace {

class LocalExecutorTest : public test::WithStore {
 protected:
  std::unique_ptr<Executor> executor(int jobs) {
    LocalOptions options;
    options.jobs = jobs;
    options.program = EPOCHAL_PROGRAM;
    return make_local_executor(store_, options);
  }

  store::RunRecord queued(const std::string& params, Epoch epochs = 2) {
    return query().run(test::record_noop_run(store_, registry_, params, epochs));
  }

  store::RunStatus status(const store::RunRecord& run) const { return query().run(run.id).status; }

  bool is_trained(const store::RunRecord& run) const {
    return status(run) == store::RunStatus::running && query().run(run.id).epochs_done > 0;
  }

  /// Begins a run that ends by itself only long after the test.
  store::RunRecord begin_endless(Executor& executor) {
    constexpr Epoch kManyEpochs = 100'000;
    const store::RunRecord run = queued("sleep = 0.05", kManyEpochs);
    executor.submit(run);
    EXPECT_TRUE(test::wait_until([&] { return is_trained(run); }));
    return run;
  }

  /// Polls until so many runs have ended.
  static std::vector<RunExit> ends(Executor& executor, std::size_t count) {
    std::vector<RunExit> all;
    test::wait_until([&] {
      for (const RunExit& exit : executor.poll(std::chrono::milliseconds(50))) all.push_back(exit);
      return all.size() >= count;
    });
    return all;
  }

  PluginRegistry registry_{{EPOCHAL_PLUGIN_FOLDER}};
};

TEST_F(LocalExecutorTest, DoesAsManyRunsAtATimeAsItHasJobs) {
  const auto local = executor(2);
  EXPECT_EQ(local->room(), 2);
  const store::RunRecord first = queued("learning_rate = 0.1");
  const store::RunRecord second = queued("learning_rate = 0.2");
  local->submit(first);
  EXPECT_EQ(local->room(), 1);
  local->submit(second);
  EXPECT_EQ(local->room(), 0);
  const std::vector<RunExit> exits = ends(*local, 2);
  ASSERT_EQ(exits.size(), 2u);
  for (const RunExit& exit : exits) EXPECT_EQ(exit.exit_code, 0);
  EXPECT_NE(exits[0].worker, exits[1].worker);
  EXPECT_EQ(local->room(), 2);
  EXPECT_EQ(status(first), store::RunStatus::finished);
  EXPECT_EQ(status(second), store::RunStatus::finished);
  EXPECT_EQ(query().logs(first.id).size(), 1u);
}

TEST_F(LocalExecutorTest, GivesTheNextRunToAnIdleWorker) {
  const auto local = executor(1);
  local->submit(queued("learning_rate = 0.1"));
  const std::vector<RunExit> first = ends(*local, 1);
  local->submit(queued("learning_rate = 0.2"));
  const std::vector<RunExit> second = ends(*local, 1);
  ASSERT_EQ(first.size(), 1u);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(first[0].worker, second[0].worker);
}

TEST_F(LocalExecutorTest, TellsTheSignalThatKilledAWorkerAndStartsAnother) {
  const auto local = executor(1);
  const store::RunRecord run = begin_endless(*local);
  kill(static_cast<pid_t>(query().open_attempts().at(0).process.pid), SIGKILL);
  const std::vector<RunExit> killed = ends(*local, 1);
  ASSERT_EQ(killed.size(), 1u);
  EXPECT_EQ(killed[0].run, run.id);
  EXPECT_EQ(killed[0].signal, SIGKILL);
  EXPECT_EQ(local->room(), 1);
  local->submit(queued("learning_rate = 0.2"));
  const std::vector<RunExit> next = ends(*local, 1);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(next[0].exit_code, 0);
  EXPECT_NE(next[0].worker, killed[0].worker);
}

TEST_F(LocalExecutorTest, AsksWorkersToStop) {
  const auto local = executor(1);
  const store::RunRecord run = begin_endless(*local);
  local->ask_to_stop();
  const std::vector<RunExit> exits = ends(*local, 1);
  ASSERT_EQ(exits.size(), 1u);
  EXPECT_EQ(exits[0].exit_code, RunExit::kStoppedEarly);
  EXPECT_EQ(status(run), store::RunStatus::interrupted);
}

TEST_F(LocalExecutorTest, KillsWorkers) {
  const auto local = executor(1);
  begin_endless(*local);
  local->kill();
  const std::vector<RunExit> exits = ends(*local, 1);
  ASSERT_EQ(exits.size(), 1u);
  EXPECT_EQ(exits[0].signal, SIGKILL);
}

TEST_F(LocalExecutorTest, LeavesNoWorkerBehind) {
  auto local = executor(1);
  begin_endless(*local);
  const std::vector<store::AttemptRecord> attempts = query().open_attempts();
  ASSERT_EQ(attempts.size(), 1u);
  EXPECT_EQ(presence_of(attempts[0].process), Presence::alive);
  local.reset();
  EXPECT_EQ(presence_of(attempts[0].process), Presence::gone);
}

}  // namespace
}  // namespace epochal

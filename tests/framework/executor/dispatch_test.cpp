#include "framework/executor/dispatch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "framework/runner/worker.h"
#include "framework/system/process.h"
#include "tests/support/with_store.h"

namespace epochal {
namespace {

/// Does the only epoch of a run.
void finish(store::Store& store, store::RunId run, store::AttemptId attempt) {
  test::commit(store, run, attempt, 1);
  store.end_attempt(run, attempt, store::RunStatus::finished, "finished", {});
}

/// Ends each run as the test says, and notes what was asked of it.
class FakeExecutor : public Executor {
 public:
  explicit FakeExecutor(store::Store& store) : store_(store) {}

  int room() const override { return room_at_once - static_cast<int>(submitted_.size()); }

  void submit(const store::RunRecord& run) override {
    most_at_once = std::max(most_at_once, static_cast<int>(submitted_.size()) + 1);
    submitted_.push_back(run.id);
    store::AttemptStart start;
    start.process = this_process();
    attempts_.push_back(*store_.claim(run.id, start));
  }

  std::vector<RunExit> poll(std::chrono::milliseconds) override {
    if (submitted_.empty() || is_hanging) return {};
    const RunExit exit{submitted_.front(), exit_code, signal, getpid()};
    const bool dies = signal != 0 || exit_code != 0;
    if (!dies) finish(store_, exit.run, attempts_.front());
    submitted_.erase(submitted_.begin());
    attempts_.erase(attempts_.begin());
    return {exit};
  }

  void ask_to_stop() override { ++stops; }
  void kill() override {
    ++kills;
    signal = SIGKILL;
    is_hanging = false;
  }

  int room_at_once = 1;
  int most_at_once = 0;
  int signal = 0;
  int exit_code = 0;
  bool is_hanging = false;
  int stops = 0;
  int kills = 0;

 private:
  store::Store& store_;
  std::vector<store::RunId> submitted_;
  std::vector<store::AttemptId> attempts_;
};

class SilentObserver : public DispatchObserver {
 public:
  void started(const store::RunRecord&) override {}
  void ended(const store::RunRecord&) override { ++ends; }
  void elsewhere(const store::RunRecord&, const store::AttemptRecord&) override { ++waits; }
  void removed(store::RunId) override { ++removals; }
  void waiting(const std::vector<store::RunId>&) override {}
  int ends = 0;
  int waits = 0;
  int removals = 0;
};

class DispatchTest : public test::WithStore {
 protected:
  std::vector<store::RunId> ask_for(int count) {
    std::vector<store::RunRecord> runs;
    for (int i = 0; i < count; ++i) {
      runs.push_back(test::noop_run("0123456789"[i], 1));
    }
    return store_.record_sweep({}, runs);
  }

  bool dispatch_all(const std::vector<store::RunId>& ids, const std::function<int()>& stops,
                    const DispatchLimits& limits) {
    ListedRuns runs(ids);
    return dispatch(executor_, store_, runs, stops, limits, observer_);
  }

  store::RunRecord run(store::RunId id) { return query().run(id); }

  FakeExecutor executor_{store_};
  SilentObserver observer_;
};

TEST_F(DispatchTest, BringsAllRunsThrough) {
  const auto ids = ask_for(5);
  executor_.room_at_once = 2;
  EXPECT_TRUE(dispatch_all(ids, [] { return 0; }, {}));
  EXPECT_EQ(observer_.ends, 5);
  EXPECT_EQ(executor_.most_at_once, 2);
  for (const store::RunId id : ids) EXPECT_EQ(run(id).status, store::RunStatus::finished);
}

TEST_F(DispatchTest, RecordsACrashAndGoesOn) {
  const auto ids = ask_for(2);
  executor_.signal = SIGSEGV;
  EXPECT_TRUE(dispatch_all(ids, [] { return 0; }, {}));
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::failed);
  EXPECT_NE(run(ids[0]).error.find("signal 11 (Segmentation fault)"), std::string::npos);
  EXPECT_EQ(run(ids[1]).status, store::RunStatus::failed);
}

TEST_F(DispatchTest, FirstStopIsPoliteSecondIsNot) {
  const auto ids = ask_for(3);
  executor_.is_hanging = true;
  int asked = 0;
  EXPECT_FALSE(dispatch_all(ids, [&] { return ++asked < 3 ? 0 : asked < 6 ? 1 : 2; }, {}));
  EXPECT_EQ(executor_.stops, 1);
  EXPECT_EQ(executor_.kills, 1);
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::interrupted);
  EXPECT_EQ(run(ids[1]).status, store::RunStatus::queued);
}

TEST_F(DispatchTest, AKilledWorkerLeavesAnInterruptedRun) {
  const auto ids = ask_for(1);
  executor_.signal = SIGKILL;
  dispatch_all(ids, [] { return 0; }, {});
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::interrupted);
  const store::EventRecord event = query().events(ids[0]).back();
  EXPECT_EQ(event.kind, kKilledEvent);
  EXPECT_NE(event.text.find("perhaps because memory ran out"), std::string::npos);
}

TEST_F(DispatchTest, StartsNothingBehindTheDeadline) {
  const auto ids = ask_for(3);
  EXPECT_FALSE(dispatch_all(ids, [] { return 0; },
                            {.deadline = Deadline::clock::now() - std::chrono::seconds(1)}));
  EXPECT_EQ(observer_.ends, 0);
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::queued);
}

TEST_F(DispatchTest, FailFastLeavesTheRestAlone) {
  const auto ids = ask_for(4);
  executor_.room_at_once = 2;
  executor_.signal = SIGSEGV;
  EXPECT_FALSE(dispatch_all(ids, [] { return 0; }, {.deadline = {}, .fail_fast = true}));
  EXPECT_EQ(executor_.stops, 1);
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::failed);
  EXPECT_EQ(run(ids[1]).status, store::RunStatus::interrupted) << "it was asked to stop";
  EXPECT_EQ(run(ids[3]).status, store::RunStatus::queued);
}

TEST_F(DispatchTest, AWorkerThatStoppedByItselfLeavesAnInterruptedRun) {
  const auto ids = ask_for(1);
  executor_.exit_code = RunExit::kStoppedEarly;
  dispatch_all(ids, [] { return 0; }, {});
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::interrupted);
}

TEST_F(DispatchTest, PassesOverWhatIsInTheTrashOrGone) {
  const auto ids = ask_for(4);
  store_.trash({ids[0], ids[2]});
  store_.connection().database().exec("delete from run where id = " + std::to_string(ids[2].value));
  EXPECT_TRUE(dispatch_all(ids, [] { return 0; }, {}));
  EXPECT_EQ(observer_.removals, 2);
  EXPECT_EQ(observer_.ends, 2);
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::queued);
}

TEST_F(DispatchTest, WaitsForARunThatAnotherProcessIsDoing) {
  const auto ids = ask_for(2);
  store::AttemptStart start;
  start.process = this_process();
  const store::AttemptId attempt = *store_.claim(ids[0], start);
  int asked = 0;
  const auto stops = [&] {
    if (++asked == 5) {
      EXPECT_EQ(run(ids[0]).status, store::RunStatus::running) << "nothing was taken from it";
      finish(store_, ids[0], attempt);
    }
    return 0;
  };
  EXPECT_TRUE(dispatch_all(ids, stops, {}));
  EXPECT_EQ(observer_.waits, 1);
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::finished);
  EXPECT_EQ(query().attempts(ids[0]).size(), 1u);
}

TEST_F(DispatchTest, TakesARunWhoseProcessGoes) {
  const auto ids = ask_for(1);
  store::AttemptStart start;
  start.process = this_process();
  --start.process.start;  // one that had this pid before
  store_.claim(ids[0], start);
  EXPECT_TRUE(dispatch_all(ids, [] { return 0; }, {}));
  const auto attempts = query().attempts(ids[0]);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].end_reason, "lost");
  EXPECT_EQ(attempts[1].end_reason, "finished");
}

TEST_F(DispatchTest, ADeathEndsNoAttemptOfAnotherProcess) {
  const auto ids = ask_for(1);
  executor_.signal = SIGSEGV;
  executor_.is_hanging = true;
  int asked = 0;
  store::AttemptId other{};
  const auto stops = [&] {
    if (++asked == 2) {  // somebody takes the run over, and the first worker dies afterwards
      const store::AttemptRecord first = query().attempts(ids[0]).front();
      store_.end_attempt(ids[0], first.id, store::RunStatus::interrupted, "lost", {});
      store::AttemptStart start;
      start.process = this_process();
      start.process.pid_namespace += 1;
      other = *store_.claim(ids[0], start);
      executor_.is_hanging = false;
    }
    if (asked == 4) finish(store_, ids[0], other);
    return 0;
  };
  dispatch_all(ids, stops, {});
  EXPECT_EQ(run(ids[0]).status, store::RunStatus::finished);
}

}  // namespace
}  // namespace epochal

// The lines of a sweep's progress where there is no terminal.

#include "framework/app/progress_display.h"

#include <gtest/gtest.h>

#include <thread>

#include "framework/plugin/plugin_registry.h"
#include "framework/runner/worker.h"
#include "framework/system/process.h"
#include "tests/support/expect_in.h"
#include "tests/support/recorded_noop_run.h"
#include "tests/support/with_store.h"

namespace epochal::app {
namespace {

class ProgressDisplayTest : public test::WithStore {
 protected:
  ProgressDisplayTest() {
    id_ = test::record_noop_run(store_, registry_, "learning_rate = 0.1", 2);
    testing::internal::CaptureStderr();
  }
  ~ProgressDisplayTest() override {
    if (is_capturing_) testing::internal::GetCapturedStderr();
  }

  store::RunRecord run() const { return query().run(id_); }
  std::string name() const { return "run " + run().short_identity(); }

  void claim() {
    store::AttemptStart start;
    start.process = this_process();
    attempt_ = *store_.claim(id_, start);
  }

  void do_epoch(Epoch number, double loss) {
    store::EpochRecord epoch;
    epoch.number = number;
    epoch.seconds = Seconds{2};
    epoch.train_seconds = Seconds{1};
    epoch.samples = 100;
    epoch.metrics = {{"val.loss", loss}};
    store_.commit_epoch(id_, attempt_, epoch, {}, {});
  }

  void end(store::RunStatus status, const std::string& error = {}) {
    store_.end_attempt(id_, attempt_, status, std::string(store::name_of(status)), error);
  }

  std::string told() {
    is_capturing_ = false;
    return testing::internal::GetCapturedStderr();
  }

  PluginRegistry registry_{{EPOCHAL_PLUGIN_FOLDER}};
  store::RunId id_;
  store::AttemptId attempt_;
  bool is_capturing_ = true;
};

TEST_F(ProgressDisplayTest, HasALineForEachEpochAndForTheBeginningAndTheEnd) {
  ProgressDisplay display(folder_.path(), {id_}, 3);
  claim();
  display.started(run());
  do_epoch(1, 0.5);
  display.waiting({id_});
  display.waiting({id_});
  do_epoch(2, 0.25);
  end(store::RunStatus::finished);
  display.ended(run());
  const std::string lines = told();
  test::expect_in(lines, name() + " started (1/3)\n" + name() +
                             " epoch 1/2: val.loss 0.5, 100 samples/s, 2.0 s\n" + name() +
                             " epoch 2/2: val.loss 0.25, 100 samples/s, 2.0 s\n" + name() +
                             " finished, 2 epochs, ");
  test::expect_in(lines, ", val.loss 0.25 (1/3)\n");
}

TEST_F(ProgressDisplayTest, ResumesWithoutTellingOldEpochsAgain) {
  claim();
  do_epoch(1, 0.5);
  ProgressDisplay display(folder_.path(), {id_});
  display.started(run());
  display.waiting({id_});
  EXPECT_EQ(told(), name() + " started (1/1)\n");
}

TEST_F(ProgressDisplayTest, ShowsAnErrorWithoutItsControlCharacters) {
  ProgressDisplay display(folder_.path(), {id_});
  claim();
  display.started(run());
  end(store::RunStatus::failed, "it is \x1b[31mred\nand long");
  display.ended(run());
  const std::string lines = told();
  test::expect_in(lines, name() + " failed, 0 of 2 epochs, ");
  test::expect_in(lines, "(1/1): it is ");
  EXPECT_EQ(lines.find('\x1b'), std::string::npos);
}

TEST_F(ProgressDisplayTest, SaysWhyARunStopped) {
  ProgressDisplay display(folder_.path(), {id_});
  claim();
  display.started(run());
  do_epoch(1, 0.5);
  store_.add_event(id_, kRuleEvent, "the median of the other runs is better");
  end(store::RunStatus::stopped);
  display.ended(run());
  test::expect_in(told(), "(1/1): the median of the other runs is better\n");
}

TEST_F(ProgressDisplayTest, TellsOfRunsOfOtherProcessesAndOfRemovedOnes) {
  ProgressDisplay display(folder_.path(), {id_});
  store::AttemptRecord other;
  other.process.pid = 4711;
  other.host.name =
      "node\x07"
      "3";
  display.elsewhere(run(), other);
  display.removed(id_);
  const std::string lines = told();
  test::expect_in(lines, name() + " is in progress in process 4711 on node");
  EXPECT_EQ(lines.find('\x07'), std::string::npos);
  test::expect_in(lines, "a run was removed before it was done (1/1)\n");
}

}  // namespace
}  // namespace epochal::app

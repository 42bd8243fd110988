#include "framework/runner/step_log.h"

#include <gtest/gtest.h>

#include <thread>

#include "framework/plugin/experiment.h"
#include "tests/support/run_with_steps.h"

namespace epochal {
namespace {

class StepLogTest : public test::RunWithSteps {
 protected:
  StepLog make_log() { return {store_, run_, attempt_, query().step_metrics(run_)}; }
};

TEST_F(StepLogTest, KeepsEveryValueInWholeChunks) {
  StepLog log = make_log();
  for (int step = 1; step <= 3000; ++step) log.add(step, {{"loss", 1.0 / step}});
  log.flush();
  const std::vector<store::StepChunk> all = chunks();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].steps.size(), store::StepChunk::kMost);
  EXPECT_EQ(all[2].steps.back(), 3000);
  EXPECT_EQ(all[2].values.back(), 1.0 / 3000);
}

TEST_F(StepLogTest, KeepsEpochsApart) {
  StepLog log = make_log();
  log.begin_epoch(1);
  log.add(1, {{"loss", 1}});
  log.begin_epoch(2);
  log.add(2, {{"loss", 2}});
  log.flush();
  const std::vector<store::StepChunk> all = chunks();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].epoch, 1);
  EXPECT_EQ(all[1].epoch, 2);
}

TEST_F(StepLogTest, RefusesAStepThatIsNotGreater) {
  {
    StepLog log = make_log();
    log.add(10, {{"loss", 1}});
    log.flush();
  }
  StepLog log = make_log();
  EXPECT_THROW(log.add(10, {{"loss", 2}}), StepRefused);
  log.add(10, {{"other", 2}});
  log.add(11, {{"loss", 2}});
}

TEST_F(StepLogTest, KeepsWhatItCanOfALine) {
  StepLog log = make_log();
  log.add(10, {{"m", 1}});
  EXPECT_THROW(log.add(10, {{"a", 2}, {"m", 3}, {"z", 4}}), StepRefused);
  log.flush();
  EXPECT_EQ(chunks("a").size(), 1U);
  EXPECT_EQ(chunks("z").size(), 1U);
  EXPECT_EQ(chunks("m").at(0).values, std::vector<double>{1});
}

TEST_F(StepLogTest, WritesWhatWaitsWhenItIsDue) {
  StepLog log = make_log();
  log.add(1, {{"loss", 1}});
  log.flush_if_due();
  EXPECT_TRUE(chunks().empty());
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  log.flush_if_due();
  EXPECT_EQ(chunks().size(), 1U);
}

TEST_F(StepLogTest, BoundsTheNamesOfARun) {
  StepLog log = make_log();
  for (int i = 0; i < 1000; ++i) log.add(1, {{"m" + std::to_string(i), 1}});
  EXPECT_THROW(log.add(1, {{"one more", 1}}), StepRefused);
}

TEST_F(StepLogTest, IsReadWhileTheRunGoesOn) {
  StepLog log = make_log();
  for (int step = 1; step <= 70 * static_cast<int>(store::StepChunk::kMost); ++step) {
    log.add(step, {{"loss", 1}});
  }
  EXPECT_GE(chunks().size(), 64U);
}

}  // namespace
}  // namespace epochal

#include "reports/statistics/moment.h"

#include <gtest/gtest.h>

#include "tests/reports/golden_data.h"

namespace epochal::report {
namespace {

ReportedRun stepping_run(std::int64_t steps_of_an_epoch) {
  ReportedRun run = golden::sized('a', 10, 1, {5, 4, 3});
  for (store::EpochRecord& epoch : run.epochs) {
    epoch.steps = steps_of_an_epoch;
    epoch.samples = 8 * steps_of_an_epoch;
  }
  return run;
}

TEST(Moment, IsTheLastEpochWithAtMostSoManySteps) {
  const ReportedRun run = stepping_run(100);
  EXPECT_EQ(epoch_at(run, {250, {}}), 2);
  EXPECT_EQ(epoch_at(run, {300, {}}), 3);
  EXPECT_EQ(epoch_at(run, {{}, 1600}), 2);
  EXPECT_FALSE(epoch_at(run, {301, {}})) << "it ended before";
  EXPECT_FALSE(epoch_at(run, {99, {}})) << "its first epoch is longer";
}

TEST(Moment, NeedsNoFinishedRunButItsSteps) {
  ReportedRun run = stepping_run(100);
  run.run.status = store::RunStatus::interrupted;
  run.run.epochs = 10;
  EXPECT_EQ(epoch_at(run, {200, {}}), 2);
  EXPECT_FALSE(epoch_at(run, {})) << "it has no end";
  run.epochs[1].steps.reset();
  EXPECT_FALSE(epoch_at(run, {200, {}}));
}

TEST(Moment, HasWords) {
  EXPECT_EQ((Moment{1500, {}}.text()), " at step 1,500");
  EXPECT_EQ((Moment{{}, 20000}.text()), " at 20,000 images");
  EXPECT_EQ(Moment{}.text(), "");
}

}  // namespace
}  // namespace epochal::report

// Importance against numbers made with known ones.

#include "reports/statistics/importance.h"

#include <gtest/gtest.h>

#include <random>

namespace epochal::report {
namespace {

std::vector<const ReportedRun*> all_of(const ReportData& data) {
  std::vector<const ReportedRun*> runs;
  for (const ReportedRun& run : data.runs) runs.push_back(&run);
  return runs;
}

TEST(Importance, TellsWhatMattersFromWhatDoesNot) {
  ReportData data;
  data.main_metric = "val.loss";
  data.varying = {"idle", "rate", "word"};
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int i = 0; i < 200; ++i) {
    ReportedRun run;
    const double rate = uniform(random);
    const bool is_good = i % 2 == 0;
    run.run.group_identity = std::to_string(i);
    run.run.parameters.set("rate", rate);
    run.run.parameters.set("idle", uniform(random));
    run.run.parameters.set("word", std::string(is_good ? "good" : "bad"));
    store::EpochRecord epoch;
    epoch.number = 1;
    run.metrics["val.loss"] = {{1, 3 * rate + (is_good ? 0 : 0.5)}};
    run.epochs = {epoch};
    run.run.epochs = run.run.epochs_done = 1;
    run.run.status = store::RunStatus::finished;
    data.runs.push_back(run);
  }
  const auto found = importance_of(data, all_of(data));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].parameter, "rate");
  // Variances: 9/12 of the rate, 1/16 of the word.
  EXPECT_NEAR(found[0].share, 0.92, 0.06);
  EXPECT_EQ(found[1].parameter, "word");
  EXPECT_NEAR(found[1].share, 0.077, 0.06);
  EXPECT_LT(found[2].share, 0.04);
  EXPECT_LT(*found[0].p, 0.001);
  EXPECT_GT(*found[2].p, 0.01) << "after Holm over three";
  data.runs.resize(5);
  EXPECT_TRUE(importance_of(data, all_of(data)).empty()) << "five runs say nothing";
}

TEST(Importance, SeedsOfASettingSayNothingMoreOfItsParameters) {
  // Two settings that end at 1 and at 2, with seven seeds each: that could be chance.
  ReportData data;
  data.main_metric = "val.loss";
  data.varying = {"rate"};
  for (int i = 0; i < 14; ++i) {
    ReportedRun run;
    run.run.group_identity = i % 2 == 0 ? "slow" : "fast";
    run.run.parameters.set("rate", i % 2 == 0 ? 0.1 : 0.5);
    run.metrics["val.loss"] = {{1, (i % 2 == 0 ? 1 : 2) + 0.01 * i}};
    data.runs.push_back(run);
  }
  const auto found = importance_of(data, all_of(data));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_GT(found[0].share, 0.9);
  EXPECT_FALSE(found[0].p) << "two means of two settings leave nothing to test with";
}

}  // namespace
}  // namespace epochal::report

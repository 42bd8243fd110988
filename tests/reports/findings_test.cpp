// What findings say, and what they leave to others.

#include "reports/findings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/statistics/series.h"
#include "tests/reports/claim_data.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using namespace claim_data;
using test::expect_in;
using test::expect_not_in;

TEST(Findings, CompareWithinWhatTheObjectiveMeans) {
  const std::string all = findings_text(of_two_gammas());
  for (const char* part :
       {"Of gamma 1: the lowest final val.total is that of dataset_size 100 (2.5), which is the "
        "best; dataset_size 10 follows, 6 higher",
        "Of gamma 10: the lowest final val.total is that of dataset_size 100 (25)",
        "gamma changes what val.total means: val.total is compared only among runs of the same "
        "gamma."}) {
    expect_in(all, part);
  }
}

TEST(Findings, FollowTheDirection) {
  ReportData data = ending_at({{3, 2}, {9, 8}});
  data.declarations = declared(Better::higher);
  const std::string all = findings_text(data);
  for (const char* part :
       {"dataset_size 10 (3 seeds): val.total begins at 100 ± 0 and is 2.5 ± 0.5 at epoch 2; its "
        "highest value is 100 ± 0.",
        "The highest final val.total is that of dataset_size 100 (8.5), which is the best; "
        "dataset_size 10 follows, 6 lower (95 % interval over 3 and 3 seeds, paired,"}) {
    expect_in(all, part);
  }
  data.declarations = declared(std::nullopt);
  expect_not_in(findings_text(data), "best");
}

TEST(Series, OneNumberOfIt) {
  const store::Series series = series_of(run_of(10, 0, {101, 50, 5, 20, 10, 1}), "val.total");
  EXPECT_EQ(statistic_of(series, Claim::Statistic::best, Better::lower), 1);
  EXPECT_EQ(statistic_of(series, Claim::Statistic::best, Better::higher), 101);
  EXPECT_FALSE(statistic_of(series, Claim::Statistic::best, {})) << "it has no direction";
  EXPECT_EQ(statistic_of(series, Claim::Statistic::first, {}), 101);
  EXPECT_EQ(
      statistic_of(series_of(run_of(10, 0, kFlat), "val.total"), Claim::Statistic::settled, {}), 8);
  EXPECT_FALSE(statistic_of({}, Claim::Statistic::last, {}));
  EXPECT_FALSE(statistic_of({{1, std::nan("")}}, Claim::Statistic::last, {}));
}

TEST(Findings, SayWhatTheRecordsSayAndWhatNot) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  data.runs.push_back(run_of(1000, 0, {50, 1}));
  const std::string all = findings_text(data);
  for (const char* part :
       {"dataset_size 10 (3 seeds): val.total begins at 100",
        "The lowest final val.total is that of dataset_size 1000 (1), which is the best, the "
        "highest that of dataset_size 10 (8.5)",
        "With fewer than 3 seeds the records do not say whether that is chance",
        "how much settings with one seed vary"}) {
    expect_in(all, part);
  }
  EXPECT_EQ(findings_of(data_of({})).front(), "Nothing has been measured yet.");
}

TEST(Findings, SayWhichStepsTheyCompare) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  for (ReportedRun& run : data.runs) {
    for (store::EpochRecord& epoch : run.epochs) {
      epoch.steps = run.run.group_identity == "10" ? 5 : 2280;
    }
  }
  const std::string all = findings_text(data);
  expect_in(all, "). They made 4,560 and 10 steps.");
}

TEST(Findings, KeepTheUnfinishedApart) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  data.runs.push_back(run_of(1000, 0, {50, 1}));
  data.runs.back().run.status = store::RunStatus::running;
  const std::string all = findings_text(data);
  for (const char* part :
       {"dataset_size 1000: val.total begins at 50 and is 1 at epoch 2; its lowest value is 1. It "
        "is not finished.",
        "The lowest final val.total is that of dataset_size 100 (2.5)",
        "1 unfinished run is left out.", "how 1 unfinished run ends"}) {
    expect_in(all, part);
  }
}

}  // namespace
}  // namespace epochal::report

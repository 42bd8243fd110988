#include "reports/statistics/settings.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal::report {
namespace {

TEST(Replicates, SpreadIsTheSampleDeviation) {
  EXPECT_FALSE(spread_of({}));
  const Spread spread = *spread_of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_DOUBLE_EQ(spread.mean, 5);
  EXPECT_NEAR(spread.deviation, 2.13809, 1e-5);  // statistics.stdev of the same
  EXPECT_EQ(spread.count, 8u);
  EXPECT_TRUE(std::isnan(spread_of({1, NAN})->mean));
}

TEST(Replicates, AreShownWithTheirSpread) {
  EXPECT_EQ(format_spread({2.5, 0.1251, 3}), "2.5 ± 0.13");
  EXPECT_EQ(format_spread({2.5, 0, 1}), "2.5");
}

TEST(Replicates, AreRunsOfOneGroup) {
  std::vector<store::RunRecord> runs(4);
  runs[0].group_identity = runs[2].group_identity = "a";
  runs[1].group_identity = runs[3].group_identity = "b";
  const auto groups = runs_by_setting(runs);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0], (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(groups[1], (std::vector<std::size_t>{1, 3}));
}

}  // namespace
}  // namespace epochal::report

#include "reports/statistics/spikes.h"

#include <gtest/gtest.h>

#include "tests/reports/reported_series.h"

namespace epochal::report {
namespace {

TEST(Spikes, ExceedNoiseAndTheHeight) {
  // The surprise of epoch 5 is 0.397, exp(0.397) is 1.488, and the usual one is 0.0257.
  const auto test = SpikeTest::of(numbered({9, 7, 6, 5.5, 7.5, 4.6, 4.4, 4.1, 4.0}), Better::lower);
  ASSERT_TRUE(test);
  const std::vector<Spike> found = test->spikes(1.4);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].epoch, 5);
  EXPECT_NEAR(found[0].factor, 1.4876, 1e-4);
  EXPECT_TRUE(test->spikes(1.5).empty());
  EXPECT_TRUE(test->excludes(1.4, 6, 8, 0.05));
  EXPECT_FALSE(test->excludes(1.4, 4, 6, 0.05));
  EXPECT_FALSE(test->excludes(1.4, 9, 9, 0.05)) << "the last epoch is not examined";
}

TEST(Spikes, OfNoiseAreNone) {
  const auto test =
      SpikeTest::of(numbered({5, 6, 4.6, 5.8, 4.4, 6.2, 5.1, 4.3, 5.6, 4.9}), Better::lower);
  ASSERT_TRUE(test);
  EXPECT_TRUE(test->spikes(1.1).empty());
  EXPECT_FALSE(test->excludes(1.1, 1, 10, 0.05)) << "noise could hide one";
}

TEST(Spikes, AreNotExcludedByNoiseThatCouldHideThem) {
  // No value is 10 % above what its neighbours make likely, but the noise is 3 to 6 %.
  const auto test =
      SpikeTest::of(numbered({5, 5.15, 4.9, 5.1, 4.9, 5.12, 5.05, 4.9, 5.1, 4.95}), Better::lower);
  ASSERT_TRUE(test);
  EXPECT_TRUE(test->spikes(1.1).empty());
  EXPECT_FALSE(test->excludes(1.1, 1, 10, 0.05));
  EXPECT_TRUE(test->excludes(1.5, 1, 10, 0.05));
}

TEST(Spikes, GoDownWhereHigherIsBetter) {
  const store::Series series = numbered({-1, 0, 1, 2, -4, 4, 5, 6, 7, 8});
  const auto higher = SpikeTest::of(series, Better::higher);
  ASSERT_TRUE(higher);
  const std::vector<Spike> found = higher->spikes(1.1);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].epoch, 5);
  EXPECT_NEAR(found[0].factor, -4.0 / 3, 1e-9);
  EXPECT_TRUE(SpikeTest::of(series, Better::lower)->spikes(1.1).empty());
}

TEST(Spikes, NeedEightEpochs) {
  EXPECT_FALSE(SpikeTest::of(numbered({9, 8, 7, 6, 9, 5, 4}), Better::lower));
}

}  // namespace
}  // namespace epochal::report

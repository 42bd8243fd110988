#include "reports/statistics/settling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reports/reported_series.h"

namespace epochal::report {
namespace {

/// 20 exp(-t / 3) + 2.
store::Series falling_series(Epoch epochs, double start = 20) {
  store::Series series;
  for (Epoch t = 1; t <= epochs; ++t) series.push_back({t, start * std::exp(-t / 3.0) + 2});
  return series;
}

TEST(Settling, IsNearTheEndWhateverTheBeginning) {
  // The end is 2.04, the median of the last four. 2.244 is reached at epoch 14: 20 exp(-14/3) =
  // 0.19.
  const auto settling = settling_of(falling_series(20), 0.1);
  ASSERT_TRUE(settling);
  EXPECT_EQ(settling->epoch, 14);
  EXPECT_LE(settling->earliest, 14);
  ASSERT_TRUE(settling->latest);
  EXPECT_GE(*settling->latest, 14);
  store::Series higher = falling_series(20);
  higher.front().value *= 100;
  EXPECT_EQ(settling_of(higher, 0.1)->epoch, 14);
}

TEST(Settling, OfANarrowerDistanceComesLater) {
  EXPECT_LT(settling_of(falling_series(20), 0.5)->epoch,
            settling_of(falling_series(20), 0.1)->epoch);
}

TEST(Settling, AFlatSeriesHasSettledAtItsFirstEpoch) {
  const auto settling = settling_of(numbered({0, 0, 0, 0, 0, 0}), 0.1);
  ASSERT_TRUE(settling && settling->latest);
  EXPECT_EQ(settling->epoch, 1);
  EXPECT_EQ(*settling->latest, 1);
}

TEST(Settling, WhatLeavesItsEndAgainHadNotSettled) {
  std::vector<double> values{20, 2, 2, 2, 2, 2, 20, 20, 20, 20, 20};
  values.resize(20, 2);
  EXPECT_EQ(settling_of(numbered(values), 0.1)->epoch, 12);
}

TEST(Settling, OneOddValueAtTheEndIsNotTheEnd) {
  // The median of the last four is 2.059 then, and 2.262 at epoch 13 is within a tenth of it.
  store::Series series = falling_series(20);
  series.back().value *= 3;
  EXPECT_EQ(settling_of(series, 0.1)->epoch, 13);
}

TEST(Settling, NoiseHidesTheEnd) {
  const auto settling =
      settling_of(numbered({9, 5, 2, 3, 1.5, 3.2, 2, 1.4, 3, 2.2, 1.7, 2.9}), 0.05);
  ASSERT_TRUE(settling);
  EXPECT_FALSE(settling->latest);
}

TEST(Settling, NeedsFiveFiniteEpochs) {
  EXPECT_FALSE(settling_of(numbered({4, 3, 2, 1}), 0.1));
  EXPECT_FALSE(settling_of(numbered({4, 3, 2, 1, NAN}), 0.1));
}

}  // namespace
}  // namespace epochal::report

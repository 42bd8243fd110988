#include "framework/system/utilisation.h"

#include <gtest/gtest.h>

#include <thread>

namespace epochal {
namespace {

using std::chrono::milliseconds;

/// Keeps one core busy.
void work_for(milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

TEST(Utilisation, TellsWorkFromSleep) {
  UtilisationWatch watch(1, false);
  watch.begin();
  work_for(milliseconds(900));
  const auto busy = watch.end();
  watch.begin();
  std::this_thread::sleep_for(milliseconds(900));
  const auto idle = watch.end();
  ASSERT_TRUE(busy.mean.cpu && idle.mean.cpu);
  EXPECT_GT(*busy.mean.cpu, 4 * *idle.mean.cpu);
  EXPECT_LE(*busy.mean.cpu, 1.1) << "one of one core";
  EXPECT_FALSE(busy.mean.gpu) << "it was not asked for";
  EXPECT_GE(busy.series.size(), 2u);
  EXPECT_GT(*busy.series.front().host_bytes, 1'000'000);
  EXPECT_LT(busy.series.front().middle, busy.series.back().middle);
}

TEST(Utilisation, AMomentHasAMeanAndNoSeries) {
  UtilisationWatch watch(1, false);
  watch.begin();
  EXPECT_LE(watch.end().series.size(), 1u);
}

TEST(Utilisation, NeighboursBecomeOneByWhatBothHave) {
  Utilisation a;
  a.cpu = 0.2;
  a.host_bytes = 100;
  Utilisation b;
  b.cpu = 0.4;
  b.middle = std::chrono::duration<double>(2);
  const Utilisation mean = mean_of(a, b);
  EXPECT_DOUBLE_EQ(*mean.cpu, 0.3);
  EXPECT_EQ(*mean.host_bytes, 100);
  EXPECT_EQ(mean.middle.count(), 1);
  EXPECT_FALSE(mean.gpu);
}

}  // namespace
}  // namespace epochal

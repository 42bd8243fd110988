#include "reports/figures/sparkline.h"

#include <gtest/gtest.h>

#include <limits>

namespace epochal::report {
namespace {

TEST(Sparkline, DrawsFromTheLowestToTheHighest) {
  EXPECT_EQ(sparkline({7, 6, 5, 4, 3, 2, 1, 0}), "█▇▆▅▄▃▂▁");
  EXPECT_EQ(sparkline({3, 3}), "▁▁");
  EXPECT_EQ(sparkline({}), "");
}

TEST(Sparkline, BearsWhatIsNotFiniteAndWhatIsHuge) {
  const double inf = std::numeric_limits<double>::infinity();
  const double most = std::numeric_limits<double>::max();
  EXPECT_EQ(sparkline({1, std::numeric_limits<double>::quiet_NaN(), 0, inf}), "█×▁×");
  EXPECT_EQ(sparkline({most, -most}), "█▁");
}

TEST(Sparkline, MakesMeansOfNeighboursWhereThereAreMany) {
  EXPECT_EQ(sparkline({0, 0, 4, 4, 8, 8}, 3), "▁▅█");
}

}  // namespace
}  // namespace epochal::report

// Lines against SciPy's linregress (golden_values.py).

#include "reports/statistics/trend.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reports/reported_series.h"

namespace epochal::report {
namespace {

TEST(Trend, AgreesWithAnIndependentImplementation) {
  const auto change = relative_change(numbered({9, 9, 2.5, 2.1, 2.4, 2.0, 2.3, 9}, 14), 16, 20);
  ASSERT_TRUE(change);
  EXPECT_NEAR(change->value, -0.092592592593, 1e-12);
  EXPECT_NEAR(change->error, 0.129629629630, 1e-12);
  EXPECT_EQ(change->degrees, 3);
}

TEST(Trend, NeighboursThatAreAlikeWidenItsError) {
  const auto change = relative_change(numbered({3.0, 3.1, 3.3, 2.9, 2.5, 2.6, 2.4}, 6), 6, 12);
  ASSERT_TRUE(change);
  EXPECT_NEAR(change->value, -0.315789473684, 1e-12);
  EXPECT_NEAR(change->error, 0.095448915851 * 1.494138312865, 1e-12);
}

TEST(Trend, OfALineHasNoError) {
  const auto change = relative_change(numbered({-5, -4, -3, -2}, 1), 1, 4);
  ASSERT_TRUE(change);
  EXPECT_NEAR(change->value, 1.5, 1e-12) << "relative to the size of its end";
  EXPECT_NEAR(change->error, 0, 1e-12);
}

TEST(Trend, NeedsItsEpochs) {
  EXPECT_FALSE(relative_change(numbered({4, 3, 2}, 1), 1, 3));
  EXPECT_FALSE(relative_change(numbered({4, 3, 2, 1}, 1), 1, 5)) << "it has no epoch 5";
  EXPECT_FALSE(relative_change(numbered({4, NAN, 2, 1}, 1), 1, 4));
  EXPECT_FALSE(relative_change(numbered({0, 0, 0, 0}, 1), 1, 4)) << "nothing is relative to 0";
}

}  // namespace
}  // namespace epochal::report

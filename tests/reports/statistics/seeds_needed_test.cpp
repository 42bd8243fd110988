// Power against statsmodels' TTestPower (golden_values.py).

#include "reports/statistics/seeds_needed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace epochal::report {
namespace {

constexpr double kNoEnd = std::numeric_limits<double>::infinity();

/// Of four seeds whose differences have this mean and a deviation of 1.
SeedComparison of_effect(double effect) {
  return comparison_of({{effect, 0.5, 3}, {}, true}, {-kNoEnd, 0});
}

TEST(SeedsNeeded, AgreeWithAnIndependentImplementation) {
  // 11.75 and 33.37 seeds.
  EXPECT_EQ(seeds_needed(of_effect(0.9), 4, 0.05), 12U);
  EXPECT_EQ(seeds_needed(of_effect(-0.5), 4, 0.05), 34U);
}

TEST(SeedsNeeded, GrowWithTheNumberOfSteps) {
  EXPECT_GT(*seeds_needed(of_effect(0.9), 4, 0.05 / 3), 12U);
}

TEST(SeedsNeeded, AreSaidInWords) {
  EXPECT_EQ(more_seeds_text(of_effect(0.9), 4, 0.05, true),
            "about 8 more seeds on each side would decide it at this spread");
  EXPECT_EQ(more_seeds_text(of_effect(0), 4, 0.05, false),
            "at this spread, 1,000 seeds would not decide it");
  SeedComparison few_samples = of_effect(0.9);
  few_samples.difference.over_samples = Estimate{0.9, 2, 9};
  EXPECT_EQ(more_seeds_text(few_samples, 4, 0.05, true),
            "more seeds would not decide it: the validation set has too few samples");
}

}  // namespace
}  // namespace epochal::report

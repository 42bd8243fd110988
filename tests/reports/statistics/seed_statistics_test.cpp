// Intervals and p values against SciPy 1.x (ttest_ind, ttest_rel, ttest_1samp), and simulated.

#include "reports/statistics/seed_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace epochal::report {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const Interval kLower{-kInfinity, 0};
const SeedValues kHigh{{0, 9.1}, {1, 8.4}, {2, 8.9}};
const SeedValues kMiddle{{0, 6.2}, {1, 5.1}, {2, 5.9}};
const SeedValues kLow{{0, 3.3}, {1, 2.2}, {2, 2.6}, {3, 2.9}};

SeedValues with_other_seeds(const SeedValues& values) {
  SeedValues moved;
  for (const auto& [seed, value] : values) moved[seed + 100] = value;
  return moved;
}

TEST(SeedStatistics, PairedAgreesWithAnIndependentImplementation) {
  const auto found = difference(kHigh, kMiddle, kLower);
  ASSERT_TRUE(found && found->is_paired());
  EXPECT_NEAR(found->interval.low, -3.583781167920894, 1e-12);
  EXPECT_NEAR(found->interval.high, -2.5495521654124387, 1e-12);
  EXPECT_NEAR(found->p_inside, 0.0015323872974052106, 1e-14);
  EXPECT_EQ(found->p_outside, 1);
}

TEST(SeedStatistics, WelchAgreesWithAnIndependentImplementation) {
  const auto found = difference(kHigh, with_other_seeds(kMiddle), kLower);
  ASSERT_TRUE(found && !found->is_paired());
  EXPECT_NEAR(found->interval.low, -4.227958323589016, 1e-12);
  EXPECT_NEAR(found->interval.high, -1.9053750097443136, 1e-12);
  EXPECT_NEAR(found->p_inside, 0.002715887701575776, 1e-14);
  const auto uneven = difference(kMiddle, kLow, {0, kInfinity});
  ASSERT_TRUE(uneven && !uneven->is_paired());
  EXPECT_NEAR(uneven->interval.low, -4.11623591491651, 1e-12);
  EXPECT_NEAR(uneven->interval.high, -1.8504307517501586, 1e-12);
  EXPECT_NEAR(uneven->p_outside, 0.002020017411248725, 1e-14);
}

TEST(SeedStatistics, RatiosAndMeansAgreeWithAnIndependentImplementation) {
  const auto found = ratio(kHigh, kMiddle, {1.2, 2.0});
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->estimate, 1.5392137557016479, 1e-12);
  EXPECT_NEAR(found->interval.low, 1.325341669713815, 1e-12);
  EXPECT_NEAR(found->interval.high, 1.7875986546569198, 1e-12);
  EXPECT_NEAR(found->p_inside, 0.018953466110452344, 1e-13);
  const auto mean = mean_interval({3.3, 2.2, 2.6, 2.9});
  ASSERT_TRUE(mean);
  EXPECT_NEAR(mean->low, 2.0093259311102125, 1e-12);
  EXPECT_NEAR(mean->high, 3.4906740688897875, 1e-12);
}

TEST(SeedStatistics, EquivalenceAgreesWithAnIndependentImplementation) {
  const SeedValues first{{0, 5.2}, {1, 4.1}, {2, 4.9}, {3, 5.0}};
  const SeedValues second{{0, 5.1}, {1, 4.3}, {2, 4.8}, {3, 5.1}};
  const SeedComparison found = equivalence(*difference(first, second, {-0.5, 0.5}));
  EXPECT_NEAR(found.interval.low, -0.1515022576, 1e-10);
  EXPECT_NEAR(found.interval.high, 0.2015022576, 1e-10);
  EXPECT_NEAR(found.p_inside, 0.0039799416, 1e-10);
  const SeedComparison relative = equivalence_of_ratio(*ratio(first, second, {1 / 1.1, 1.1}));
  EXPECT_NEAR(relative.interval.low, 0.9553022590, 1e-10);
  EXPECT_NEAR(relative.interval.high, 1.0325493438, 1e-10);
  EXPECT_NEAR(relative.p_inside, 0.0063715829, 1e-10);
}

TEST(SeedStatistics, ValidationSamplesAddTheirError) {
  const SampleValues from{{0, {1, 2, 3, 4}}, {1, {2, 3, 4, 5}}};
  const SampleValues to{{0, {2, 2, 4, 4}}, {1, {3, 3, 5, 5}}};
  const auto over_samples = sample_difference(from, to);
  ASSERT_TRUE(over_samples);
  EXPECT_DOUBLE_EQ(over_samples->value, 0.5);
  // Differences of 1, 0, 1, 0: variance 1/3 over four samples.
  EXPECT_DOUBLE_EQ(over_samples->error, std::sqrt(1.0 / 12));
  EXPECT_EQ(over_samples->degrees, 3);
  const SeedValues low{{0, 2.5}, {1, 3.5}};
  const SeedValues high{{0, 3}, {1, 4}};
  EXPECT_EQ(difference(low, high, kLower)->difference.whole().error, 0);
  const auto both = difference(low, high, kLower, {from, to});
  ASSERT_TRUE(both);
  EXPECT_DOUBLE_EQ(both->difference.whole().error, std::sqrt(1.0 / 12));
  EXPECT_FALSE(sample_difference(from, {{0, {1, 2, 3}}})) << "other samples";
  EXPECT_FALSE(sample_difference({}, {}));
}

TEST(SeedStatistics, ConstantsAreDecidedAtOnceAndTooFewNever) {
  const SeedValues two{{0, 2}, {1, 2}};
  const SeedValues one{{0, 1}, {1, 1}};
  EXPECT_EQ(difference(two, one, kLower)->p_inside, 0);
  EXPECT_EQ(difference(one, two, kLower)->p_outside, 0);
  EXPECT_EQ(difference(two, two, kLower)->p_inside, 1);
  EXPECT_EQ(difference(two, two, kLower)->p_outside, 1);
  EXPECT_FALSE(difference({{0, 1}}, two, kLower));
  EXPECT_FALSE(mean_interval({1}));
  EXPECT_FALSE(ratio({{0, 1}, {1, -1}}, two, {1, 2}));
}

TEST(SeedStatistics, ValuesAtTheEndsOfDoublePrecisionDecideNothingFalsely) {
  const SeedValues high{{0, 1.7e308}, {1, 1.6e308}, {2, 1.7e308}};
  const SeedValues low{{0, -1.7e308}, {1, -1.6e308}, {2, -1.7e308}};
  EXPECT_FALSE(difference(high, low, {0, kInfinity}));
  for (const double scale : {1e90, 1e-90}) {
    SeedValues a;
    SeedValues b;
    for (const auto& [seed, value] : kHigh) a[seed] = value * scale;
    for (const auto& [seed, value] : kMiddle) b[seed + 9] = value * scale;
    const auto found = difference(a, b, kLower);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->p_inside, 0.002715887701575776, 1e-12) << "whatever the unit";
  }
}

TEST(SeedStatistics, HolmMultipliesTheSmallestByAllTheNextByOneLess) {
  const std::vector<double> adjusted = holm({0.04, 0.01, 0.03});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06) << "never smaller than the one before";
  EXPECT_TRUE(holm({}).empty());
}

/// How often a step of no difference is decided, and one of 2 standard deviations.
struct Rates {
  double falsely = 0;
  double power = 0;
};

Rates simulated(std::size_t seeds, bool is_paired, std::size_t steps) {
  std::mt19937_64 random(seeds * 10 + steps);
  std::normal_distribution<double> normal;
  constexpr int kTrials = 4000;
  Rates rates;
  for (int trial = 0; trial < kTrials; ++trial) {
    for (const double effect : {0.0, -2.0}) {
      std::vector<SeedValues> levels(steps + 1);
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const double shared = is_paired ? 2 * normal(random) : 0;
        for (std::size_t level = 0; level <= steps; ++level) {
          levels[level][is_paired ? seed : seed + 100 * level] =
              shared + normal(random) + effect * static_cast<double>(level);
        }
      }
      std::vector<double> p_values;
      for (std::size_t step = 1; step <= steps; ++step) {
        const auto found = difference(levels[step - 1], levels[step], kLower);
        p_values.push_back(std::min(found->p_inside, found->p_outside));
      }
      const std::vector<double> adjusted = holm(p_values);
      const bool any = *std::min_element(adjusted.begin(), adjusted.end()) <= 0.05;
      (effect == 0 ? rates.falsely : rates.power) += any ? 1.0 / kTrials : 0;
    }
  }
  return rates;
}

TEST(SeedStatistics, FewVerdictsAreFalse) {
  for (const std::size_t seeds : {3, 5, 8}) {
    for (const bool is_paired : {false, true}) {
      for (const std::size_t steps : {1, 2}) {
        const Rates rates = simulated(seeds, is_paired, steps);
        std::printf("%zu seeds, %s, %zu steps: %.1f %% false, %.0f %% found\n", seeds,
                    is_paired ? "paired" : "not paired", steps, 100 * rates.falsely,
                    100 * rates.power);
        EXPECT_LE(rates.falsely, 0.07);
        EXPECT_GT(rates.power, seeds == 3 ? 0.2 : 0.6);
      }
    }
  }
}

}  // namespace
}  // namespace epochal::report

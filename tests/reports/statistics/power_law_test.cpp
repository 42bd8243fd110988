// Power laws against SciPy's linregress and curve_fit (golden_values.py).

#include "reports/statistics/power_law.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal::report {
namespace {

std::vector<LawPoint> law_points(const std::vector<double>& places,
                                 const std::vector<std::vector<double>>& seeds) {
  std::vector<LawPoint> points;
  for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      points.push_back({seed, places[i], seeds[seed][i]});
    }
  }
  return points;
}

TEST(PowerLaw, FindsWhatThePointsWereMadeOf) {
  std::vector<LawPoint> points;
  for (const double x : {100.0, 1000.0, 10000.0}) points.push_back({0, x, 7 * std::pow(x, -0.3)});
  const auto exact = fit_power_law(points);
  ASSERT_TRUE(exact);
  EXPECT_NEAR(exact->exponent, -0.3, 1e-12);
  EXPECT_NEAR(exact->factor, 7, 1e-9);
  EXPECT_FALSE(exact->has_offset);
  EXPECT_FALSE(exact->over_seeds) << "one seed does not show how much seeds vary";
  EXPECT_FALSE(fit_power_law({{0, 1, 1}, {0, 2, 2}})) << "two sizes make no law";
  EXPECT_FALSE(fit_power_law({{0, 1, 1}, {0, 2, -2}, {0, 3, 3}}));
}

TEST(PowerLaw, TheErrorOfItsExponentIsOverSeeds) {
  const auto law =
      fit_power_law(law_points({10, 100, 1000}, {{8, 4.1, 2.2}, {9, 4.4, 2.0}, {7.5, 4.2, 2.1}}));
  ASSERT_TRUE(law && law->over_seeds);
  EXPECT_EQ(law->seeds, 3U);
  EXPECT_NEAR(law->exponent, -0.2944536314, 1e-10);
  EXPECT_NEAR(law->over_seeds->value, -0.2944536314, 1e-10);
  EXPECT_NEAR(law->over_seeds->error, 0.0161159418, 1e-10);
  EXPECT_EQ(law->over_seeds->degrees, 2);
}

TEST(PowerLaw, SeedsThatLackAPlaceHaveNoExponent) {
  std::vector<LawPoint> points =
      law_points({10, 100, 1000}, {{8, 4.1, 2.2}, {9, 4.4, 2.0}, {7.5, 4.2, 2.1}});
  points.push_back({3, 10, 8.1});
  const auto law = fit_power_law(points);
  ASSERT_TRUE(law && law->over_seeds);
  EXPECT_EQ(law->seeds, 3U);
  EXPECT_NEAR(law->over_seeds->value, -0.2944536314, 1e-10);
}

TEST(PowerLaw, ManyEpochsOfNoiseAreNoMoreSeeds) {
  // The same seed at six places has one exponent, not six.
  const auto law = fit_power_law(
      law_points({1, 2, 4, 8, 16, 32}, {{9, 7, 6, 4.5, 4, 3}, {9.3, 7.1, 6.1, 4.4, 4.1, 3.1}}));
  ASSERT_TRUE(law && law->over_seeds);
  EXPECT_EQ(law->over_seeds->degrees, 1);
}

TEST(PowerLaw, KeepsAnOffsetThatItsSeedsShow) {
  std::vector<std::vector<double>> seeds;
  for (const double noise : {0.995, 1.0, 1.006}) {
    seeds.push_back({4.1 * noise, 2.45 / noise, 1.76 * noise, 1.37 / noise});
  }
  const auto law = fit_power_law(law_points({1, 4, 16, 64}, seeds));
  ASSERT_TRUE(law);
  EXPECT_TRUE(law->has_offset);
  EXPECT_NEAR(law->offset, 1.07, 0.03);
  EXPECT_NEAR((*law)(4), 2.45, 0.05);
  const auto noiseless = fit_power_law(law_points(
      {1, 4, 16, 64}, {{4.1, 2.45, 1.76, 1.37}, {4.1, 2.45, 1.76, 1.37}, {4.1, 2.45, 1.76, 1.37}}));
  ASSERT_TRUE(noiseless);
  EXPECT_NEAR(noiseless->offset, 1.066494, 1e-5);
  EXPECT_NEAR(noiseless->factor, 3.016006, 1e-5);
  EXPECT_NEAR(noiseless->exponent, -0.545222, 1e-5);
}

TEST(PowerLaw, LeavesOutAnOffsetThatTwoSeedsCannotShow) {
  const auto law = fit_power_law(
      law_points({1, 4, 16, 64}, {{4.1, 2.45, 1.76, 1.37}, {4.12, 2.44, 1.75, 1.38}}));
  ASSERT_TRUE(law);
  EXPECT_FALSE(law->has_offset);
}

TEST(PowerLaw, PlacesOfOtherSeedsHaveAnErrorToo) {
  std::vector<LawPoint> points = {{0, 10, 8},    {1, 10, 9},     {2, 100, 4.1},
                                  {3, 100, 4.4}, {4, 1000, 2.2}, {5, 1000, 2.0}};
  const auto law = fit_power_law(points);
  ASSERT_TRUE(law && law->over_seeds);
  EXPECT_EQ(law->over_seeds->degrees, 3);
  EXPECT_NEAR(law->over_seeds->error, 0.014819063515, 1e-10);
  points.push_back({0, 1000, 2.1});
  EXPECT_FALSE(fit_power_law(points)->over_seeds) << "one seed at some of the places";
}

}  // namespace
}  // namespace epochal::report

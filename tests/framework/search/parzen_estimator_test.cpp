#include "framework/search/parzen_estimator.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal::search {
namespace {

using Kind = Dimension::Kind;

const Dimension kReal{.name = "x", .low = -1, .high = 3};
const Dimension kLogarithm{.name = "rate", .low = 1e-3, .high = 1, .is_logarithmic = true};
const Dimension kInteger{.name = "size", .kind = Kind::integer, .low = 2, .high = 9};
const Dimension kCategory{.name = "kind", .kind = Kind::category, .choices = 3};

double density(const ParzenEstimator& estimator, const Point& point) {
  return std::exp(estimator.log_density(point));
}

/// The middle of each of 2,000 parts of a real dimension.
std::vector<double> grid(const SearchSpace& space, std::size_t dimension) {
  std::vector<double> values;
  for (int i = 0; i < 2000; ++i) values.push_back(space.value_at(dimension, (i + 0.5) / 2000));
  return values;
}

TEST(ParzenEstimator, WithoutObservationsIsThePrior) {
  const SearchSpace space({kReal});
  const ParzenEstimator prior(space, {}, {});
  // A normal distribution around 1/2, as wide as the unit interval: at its centre
  // 1 / (sqrt(2 pi) * 0.382925), where 0.382925 is the mass within half a deviation.
  EXPECT_NEAR(density(prior, {1.0}), 1.041823, 1e-5);
}

TEST(ParzenEstimator, DensitiesOfNumbersIntegrateToOne) {
  for (const Dimension& dimension : {kReal, kLogarithm}) {
    const SearchSpace space({dimension});
    const ParzenEstimator estimator(
        space, {{dimension.low}, {dimension.high}, {0.1}, {0.11}, {0.9}}, {1, 1, 1, 0.5, 0.2});
    double sum = 0;
    for (const double value : grid(space, 0)) sum += density(estimator, {value}) / 2000;
    EXPECT_NEAR(sum, 1, 1e-5) << dimension.name;
  }
}

TEST(ParzenEstimator, ProbabilitiesOverAllDimensionsSumToOne) {
  Dimension inner = kReal;
  inner.condition = Condition{1, {0, 2}};
  const SearchSpace space({kInteger, kCategory, inner});
  const ParzenEstimator estimator(
      space, {{3, 0, 0.5}, {9, 1, std::nullopt}, {4, 2, 2.5}, {2, 0, 3}}, {1, 1, 0.3, 1});
  double sum = 0;
  for (int size = 2; size <= 9; ++size) {
    sum += density(estimator, {size, 1, std::nullopt});
    for (const double kind : {0.0, 2.0}) {
      for (const double value : grid(space, 2)) {
        sum += density(estimator, {size, kind, value}) / 2000;
      }
    }
  }
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(ParzenEstimator, IsHighWhereObservationsAre) {
  const SearchSpace space({kReal, kCategory});
  const ParzenEstimator estimator(space, {{0.0, 1}, {0.1, 1}, {0.2, 1}}, {1, 1, 1});
  EXPECT_GT(density(estimator, {0.1, 1}), 3 * density(estimator, {2.5, 1}));
  EXPECT_GT(density(estimator, {0.1, 1}), 3 * density(estimator, {0.1, 0}));
}

TEST(ParzenEstimator, SamplesFollowTheDensity) {
  Dimension inner = kReal;
  inner.condition = Condition{0, {1}};
  const SearchSpace space({kCategory, inner, kInteger});
  const ParzenEstimator estimator(
      space, {{1, 0.3, 4}, {1, 0.9, 5}, {0, std::nullopt, 9}, {1, -0.9, 9}}, {1, 0.5, 1, 1});
  constexpr int kDraws = 40'000;
  KeyedRandom random({5});
  int counted = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Point point = estimator.sample(random);
    ASSERT_EQ(point[1].has_value(), *point[0] == 1);
    counted += *point[0] == 1 && *point[1] < 0.5 && *point[2] == 9 ? 1 : 0;
  }
  double expected = 0;
  for (const double value : grid(space, 1)) {
    if (value < 0.5) expected += density(estimator, {1, value, 9}) / 2000;
  }
  EXPECT_NEAR(static_cast<double>(counted) / kDraws, expected,
              4 * std::sqrt(expected * (1 - expected) / kDraws));
}

}  // namespace
}  // namespace epochal::search

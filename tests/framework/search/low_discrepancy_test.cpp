#include "framework/search/low_discrepancy.h"

#include <gtest/gtest.h>

#include <boost/random/sobol.hpp>
#include <cmath>
#include <set>

namespace epochal::search {
namespace {

/// How many of these parts of the plane have a point.
std::size_t parts_taken(const std::vector<std::vector<double>>& points, std::size_t first,
                        std::size_t second, int columns, int rows) {
  std::set<std::pair<int, int>> taken;
  for (const auto& point : points) {
    taken.emplace(static_cast<int>(point[first] * columns), static_cast<int>(point[second] * rows));
  }
  return taken.size();
}

// The first points in two dimensions as Boost's documentation and Joe and Kuo's tables have them.
TEST(Sobol, TheEngineHasThePublishedPoints) {
  boost::random::sobol engine(2);
  const double published[][2] = {
      {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}, {0.375, 0.375}, {0.875, 0.875}};
  for (const auto& point : published) {
    for (const double coordinate : point) {
      EXPECT_EQ(static_cast<double>(engine()) * 0x1.0p-64, coordinate);
    }
  }
}

// Scrambling keeps what makes Sobol's points even (Owen 1995): in the first two dimensions, every
// way to cut the square into 2^m equal boxes has one of the first 2^m points in each.
TEST(Sobol, ScrambledPointsAreANet) {
  for (const std::uint64_t seed : {0u, 1u, 77u}) {
    const auto points = sobol_points(seed, 5, 64);
    for (int columns = 1; columns <= 64; columns *= 2) {
      EXPECT_EQ(parts_taken(points, 0, 1, columns, 64 / columns), 64u) << seed << " " << columns;
    }
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(parts_taken(points, i, i, 64, 1), 64u);
  }
}

TEST(Sobol, EachPointIsUniformOverSeeds) {
  double sum = 0;
  constexpr int kSeeds = 2000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) sum += sobol_points(seed, 1, 1)[0][0];
  EXPECT_NEAR(sum / kSeeds, 0.5, 4 * 0.2887 / std::sqrt(kSeeds));
}

TEST(Sobol, MorePointsAndDimensionsKeepThoseThatAreThere) {
  const auto few = sobol_points(3, 2, 10);
  const auto more = sobol_points(3, 4, 100);
  for (std::size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i], std::vector<double>(more[i].begin(), more[i].begin() + 2));
  }
  EXPECT_NE(few, sobol_points(4, 2, 10));
}

TEST(Latin, EachPartHasOnePoint) {
  const std::vector<double> places = latin_places(1, 2, 50);
  std::set<int> parts;
  for (const double place : places) parts.insert(static_cast<int>(place * 50));
  EXPECT_EQ(parts.size(), 50u);
  EXPECT_EQ(*parts.rbegin(), 49);
  EXPECT_EQ(places, latin_places(1, 2, 50));
  EXPECT_NE(places, latin_places(2, 2, 50));
  EXPECT_NE(places, latin_places(1, 3, 50));
}

}  // namespace
}  // namespace epochal::search

#include "framework/search/search_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <stdexcept>

namespace epochal::search {
namespace {

using Kind = Dimension::Kind;

Dimension rate() {
  return {.name = "rate", .low = 1e-4, .high = 1, .is_logarithmic = true};
}
Dimension size() {
  return {.name = "size", .kind = Kind::integer, .low = 3, .high = 6};
}
Dimension layers() {
  return {.name = "layers", .kind = Kind::integer, .low = 1, .high = 64, .is_logarithmic = true};
}
Dimension kind() {
  return {.name = "kind", .kind = Kind::category, .choices = 3};
}

TEST(SearchSpace, GoesFromPlacesToValuesAndBack) {
  const SearchSpace space({rate(), size(), layers()});
  EXPECT_NEAR(space.value_at(0, 0.5), 1e-2, 1e-12);
  for (const double place : {0.0, 0.25, 0.999}) {
    EXPECT_NEAR(space.place_of(0, space.value_at(0, place)), place, 1e-12);
  }
  for (int value = 3; value <= 6; ++value) {
    EXPECT_EQ(space.value_at(1, space.place_of(1, value)), value);
  }
  for (int value = 1; value <= 64; ++value) {
    EXPECT_EQ(space.value_at(2, space.place_of(2, value)), value);
  }
}

TEST(SearchSpace, TheCellsOfAnIntegerCoverTheInterval) {
  const SearchSpace space({size(), layers()});
  for (std::size_t i = 0; i < space.size(); ++i) {
    double end = 0;
    for (double value = space.dimensions()[i].low; value <= space.dimensions()[i].high; ++value) {
      const auto [low, high] = space.cell_of(i, value);
      EXPECT_NEAR(low, end, 1e-12);
      end = high;
    }
    EXPECT_NEAR(end, 1, 1e-12);
  }
}

TEST(SearchSpace, ChoicesHaveEqualParts) {
  const SearchSpace space({kind()});
  std::map<double, int> counts;
  for (int i = 0; i < 300; ++i) ++counts[space.value_at(0, i / 300.0)];
  EXPECT_EQ(counts, (std::map<double, int>{{0, 100}, {1, 100}, {2, 100}}));
}

TEST(SearchSpace, APointLacksWhatItsConditionsExclude) {
  Dimension inner = kind();
  inner.condition = Condition{0, {1, 2}};
  Dimension leaf = rate();
  leaf.condition = Condition{1, {0}};
  const SearchSpace space({kind(), inner, leaf});

  EXPECT_FALSE(space.point_at({0.1, 0.1, 0.5})[1].has_value());
  EXPECT_FALSE(space.point_at({0.1, 0.1, 0.5})[2].has_value()) << "its parent is not there";
  EXPECT_TRUE(space.point_at({0.9, 0.1, 0.5})[2].has_value());
  EXPECT_FALSE(space.point_at({0.9, 0.9, 0.5})[2].has_value());
}

TEST(SearchSpace, RefusesWhatItCannotSearch) {
  const auto refuses = [](std::vector<Dimension> dimensions) {
    EXPECT_THROW(SearchSpace{std::move(dimensions)}, std::invalid_argument);
  };
  refuses({{.name = "x", .low = 2, .high = 1}});
  refuses({{.name = "x", .low = 0, .high = INFINITY}});
  refuses({{.name = "x", .low = 0, .high = 1, .is_logarithmic = true}});
  refuses({{.name = "x", .kind = Kind::category}});
  Dimension on_a_number = rate();
  on_a_number.condition = Condition{0, {0}};
  refuses({rate(), on_a_number});
  refuses({on_a_number});
}

}  // namespace
}  // namespace epochal::search

#include "framework/base/whole_number.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal {
namespace {

TEST(WholeNumber, IsTheNearest) {
  EXPECT_EQ(nearest_whole(0.4), 0);
  EXPECT_EQ(nearest_whole(-2.6), -3);
  EXPECT_EQ(nearest_whole(1.7e9), 1'700'000'000);
}

TEST(WholeNumber, StaysWithinItsRange) {
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  constexpr auto kFirst = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(nearest_whole(1e300), kLast);
  EXPECT_EQ(nearest_whole(-1e300), kFirst);
  EXPECT_EQ(nearest_whole(9223372036854775808.0), kLast);
  EXPECT_EQ(nearest_whole(-9223372036854775808.0), kFirst);
  EXPECT_EQ(nearest_whole(std::nextafter(9223372036854775808.0, 0)), kLast - 1023);
  EXPECT_EQ(nearest_whole(INFINITY), kLast);
  EXPECT_EQ(nearest_whole(-INFINITY), kFirst);
  EXPECT_EQ(nearest_whole(std::nan("")), 0);
}

}  // namespace
}  // namespace epochal

#include "framework/base/parsed_number.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

namespace epochal {
namespace {

TEST(ParsedNumber, IsTheWholeText) {
  EXPECT_EQ(parsed_number<int>("-12"), -12);
  EXPECT_EQ(parsed_number<std::int64_t>("9223372036854775807"), 9223372036854775807);
  EXPECT_EQ(parsed_number<double>("1e-3"), 0.001);
  EXPECT_TRUE(std::isnan(*parsed_number<double>("nan")));
}

TEST(ParsedNumber, IsNoneOfAnythingElse) {
  for (const char* text : {"", " 1", "1 ", "1x", "x", "+1", "1.5", "99999999999"}) {
    EXPECT_EQ(parsed_number<int>(text), std::nullopt) << text;
  }
  EXPECT_EQ(parsed_number<double>("1,5"), std::nullopt);
  EXPECT_EQ(parsed_number<unsigned>("-1"), std::nullopt);
}

}  // namespace
}  // namespace epochal

#include "framework/base/bounded_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace epochal {
namespace {

std::string nested(int depth) {
  const auto count = static_cast<std::size_t>(depth);
  return std::string(count, '[') + std::string(count, ']');
}

TEST(BoundedJson, IsReadUpToTheDepth) {
  EXPECT_EQ(bounded_json(R"({"a": [1, {"b": "c"}]})").dump(), R"({"a":[1,{"b":"c"}]})");
  EXPECT_TRUE(bounded_json(nested(kDeepestJson)).is_array());
  EXPECT_TRUE(bounded_json(nested(kDeepestJson + 1)).is_discarded());
  EXPECT_TRUE(bounded_json(nested(3), 3).is_array());
  EXPECT_TRUE(bounded_json(R"([{"a": [[]]}])", 3).is_discarded());
  EXPECT_TRUE(bounded_json(nested(10'000'000)).is_discarded());
  EXPECT_TRUE(bounded_json("[1").is_discarded());
  EXPECT_TRUE(bounded_json("").is_discarded());
}

TEST(BoundedJson, BracketsSideBySideAndInTextsAreNotDeep) {
  EXPECT_EQ(bounded_json("[[],[],[],{},{}]", 2).size(), 5u);
  EXPECT_TRUE(bounded_json(R"(["[[[[\"[[[[", "{{{{\\"])", 1).is_array());
  EXPECT_TRUE(bounded_json(R"(["\\", [[]]])", 2).is_discarded());
}

TEST(BoundedJson, WholeNumbersThatDoNotFitAreNone) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(whole_number_in(bounded_json("9223372036854775807")), kMost);
  EXPECT_EQ(whole_number_in(bounded_json("-9223372036854775808")), kLeast);
  for (const char* text : {"9223372036854775808", "18446744073709551615", "1e3", "1.0", "\"1\"",
                           "true", "null", "[1]", "-9223372036854775809"}) {
    EXPECT_EQ(whole_number_in(bounded_json(text)), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace epochal

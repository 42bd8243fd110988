#include "framework/base/histogram.h"

#include <gtest/gtest.h>

#include <string>

namespace epochal {
namespace {

std::string written(const std::string& edges, const std::string& counts) {
  return R"({"histogram": {"edges": )" + edges + R"(, "counts": )" + counts + "}}";
}

TEST(Histogram, IsRead) {
  const auto histogram = read_histogram(" " + written("[-1, 0.5, 2e3]", "[3, 0.5]") + "\n");
  ASSERT_TRUE(histogram);
  EXPECT_EQ(histogram->edges, (std::vector<double>{-1, 0.5, 2000}));
  EXPECT_EQ(histogram->counts, (std::vector<double>{3, 0.5}));
}

TEST(Histogram, AnythingElseIsNone) {
  std::string many = "[0";
  std::string zeros = "[0";
  for (std::size_t i = 1; i <= kMostBins + 1; ++i) many += "," + std::to_string(i);
  for (std::size_t i = 1; i <= kMostBins; ++i) zeros += ",0";
  for (const std::string& text : {written("[0, 1]", "[]"),
                                  written("[0]", "[]"),
                                  written("[]", "[]"),
                                  written("[0, 1]", "[1, 2]"),
                                  written("[1, 0]", "[1]"),
                                  written("[0, 0]", "[1]"),
                                  written("[0, 1]", "[-1]"),
                                  written("[0, 1]", "[\"1\"]"),
                                  written("[0, 1e999]", "[1]"),
                                  written("[0, NaN]", "[1]"),
                                  written("[0, [1]]", "[1]"),
                                  written("[[[[0]]]]", "[1]"),
                                  written("{}", "[1]"),
                                  written(many + "]", zeros + "]"),
                                  std::string("{\"histogram\": 3}"),
                                  std::string("[\"histogram\"]"),
                                  std::string("\"histogram\""),
                                  std::string(),
                                  written("[0, 1]", "[1]").substr(0, 40),
                                  written("[0, 1]", "[1]") + "x"}) {
    EXPECT_FALSE(read_histogram(text)) << text.substr(0, 80);
  }
}

TEST(Histogram, WhatIsTooLongIsNotRead) {
  EXPECT_TRUE(read_histogram(written("[0, 1]", "[1]") + std::string(1000, ' ')));
  EXPECT_FALSE(read_histogram(written("[0, 1]", "[1]") + std::string(kLongestHistogram, ' ')));
}

}  // namespace
}  // namespace epochal

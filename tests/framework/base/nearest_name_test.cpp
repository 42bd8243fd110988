#include "framework/base/nearest_name.h"

#include <gtest/gtest.h>

namespace epochal {
namespace {

const std::vector<std::string> kNames{"learning_rate", "batch_size", "gamma", "seed"};

TEST(NearestName, FindsASlip) {
  EXPECT_EQ(nearest_name("learning_rat", kNames), "learning_rate");
  EXPECT_EQ(nearest_name("lerning_rate", kNames), "learning_rate");
  EXPECT_EQ(nearest_name("gmama", kNames), "gamma");  // neighbours swapped
}

TEST(NearestName, OffersNothingForSomethingElse) {
  EXPECT_EQ(nearest_name("completely different", kNames), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(100'000, 'x'), kNames), std::nullopt);
}

TEST(NearestName, HintListsKnownNamesWhenNoneIsNear) {
  EXPECT_EQ(name_hint("seeed", kNames), "did you mean 'seed'?");
  EXPECT_EQ(name_hint("xyzzyplugh", kNames), "known: learning_rate, batch_size, gamma, seed");
}

}  // namespace
}  // namespace epochal

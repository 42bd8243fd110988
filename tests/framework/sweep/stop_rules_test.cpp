#include "framework/sweep/stop_rules.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

constexpr const char* kBegin = R"({"metric": "val.total", "lower_is_better": true, "within": "")";

TEST(StopRules, AreReadAsTheyWereWritten) {
  StopRules rules;
  rules.metric = "val.total";
  rules.good = 0.5;
  rules.patience = StopRules::Patience{3, 0.1};
  rules.median = StopRules::Median{2, 4};
  rules.asha = StopRules::Asha{1, 3};
  const StopRules read = stop_rules(to_text(rules));
  EXPECT_EQ(to_text(read), to_text(rules));
  EXPECT_EQ(read.patience->epochs, 3);
  EXPECT_EQ(read.asha->factor, 3);
}

TEST(StopRules, CountWithWholeNumbers) {
  for (const char* rule :
       {R"("patience": [1e300, 0])", R"("patience": [-1, 0])", R"("median": [1.5, 3])",
        R"("median": [1, 99999999999])", R"("asha": [true, 3])"}) {
    expect_error("not a whole number",
                 [&] { stop_rules(std::string(kBegin) + ", " + rule + "}"); });
  }
}

}  // namespace
}  // namespace epochal

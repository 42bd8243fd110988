#include "framework/command/line_pattern.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

TEST(LinePattern, FindsAValueAndItsEpoch) {
  const LinePattern pattern(R"(epoch (?P<epoch>\d+).*loss=(?P<value>\S+))");
  const auto found = pattern.find("INFO epoch 12/20 lr=0.1 loss=0.25");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->epoch, 12);
  EXPECT_EQ(found->value, 0.25);
  EXPECT_FALSE(pattern.find("epoch 12 done"));
  EXPECT_FALSE(pattern.find(""));
  expect_error("is not a number", [&] { pattern.find("epoch 99999999999999999999999 loss=1"); });
  EXPECT_FALSE(pattern.find("epoch 3 loss=soon")->value);
  EXPECT_EQ(pattern.find("epoch 3 loss=soon")->text, "soon");
}

TEST(LinePattern, MayKnowNoEpoch) {
  const auto found = LinePattern("accuracy: (?P<value>[0-9.]+%)").find("accuracy: 95.5%");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value, 95.5);
  EXPECT_FALSE(found->epoch);
}

TEST(LinePattern, ReadsNumbersAsProgramsPrintThem) {
  EXPECT_EQ(printed_number("1e-3"), 0.001);
  EXPECT_EQ(printed_number("+0.5,"), 0.5);
  EXPECT_EQ(printed_number("3e-4."), 3e-4);
  EXPECT_TRUE(std::isnan(printed_number("nan").value_or(0)));
  EXPECT_EQ(printed_number("-inf"), -INFINITY);
  for (const char* none : {"", "x", "1.2.3", "0x", "1 2", "--1", "1,5", "1e999", "."}) {
    EXPECT_FALSE(printed_number(none)) << none;
  }
}

TEST(LinePattern, IsNotConfusedByColours) {
  EXPECT_EQ(without_escapes("\x1b[1;32mloss=\x1b[0m0.5\x1b[K"), "loss=0.5");
  EXPECT_EQ(without_escapes("plain"), "plain");
}

TEST(LinePattern, RefusesWhatIsNone) {
  expect_error("not a valid regular expression", [] { LinePattern("(?P<value>["); });
  expect_error("no group named value", [] { LinePattern("loss=(\\S+)"); });
  expect_error("longer than", [] { LinePattern(std::string(5000, 'a')); });
}

TEST(LinePattern, IsQuickOverALineThatWouldStallABacktrackingOne) {
  const LinePattern pattern("(a*)*b(?P<value>.*)");
  EXPECT_FALSE(pattern.find(std::string(60'000, 'a')));
}

}  // namespace
}  // namespace epochal

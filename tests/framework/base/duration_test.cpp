#include "framework/base/duration.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using test::expect_error;

TEST(Duration, AddsUpItsParts) {
  EXPECT_EQ(parse_duration("1h30m", "budget"), Seconds(5400));
  EXPECT_EQ(parse_duration(" 90 min", "budget"), Seconds(5400));
  EXPECT_EQ(parse_duration("1e9s", "budget"), Seconds(1e9));
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "0s", "-1h", "2", "h", "1h x", "nan s"}) {
    expect_error("is not a duration", [&] { parse_duration(text, "budget"); });
  }
}

TEST(Duration, RefusesMoreThanAClockCounts) {
  for (const char* text : {"2e9s", "1e9s1e9s", "1e9s 1s", "1e400d"}) {
    expect_error("is not a duration", [&] { parse_duration(text, "budget"); });
  }
}

}  // namespace
}  // namespace epochal

#include "framework/base/human_format.h"
#include "framework/base/printable.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal {
namespace {

TEST(HumanFormat, Numbers) {
  EXPECT_EQ(format_number(0.123456), "0.1235");
  EXPECT_EQ(format_number(std::nan("")), "nan");
  EXPECT_EQ(format_number(-INFINITY), "-inf");
}

TEST(HumanFormat, Durations) {
  EXPECT_EQ(format_duration(Seconds(0.012)), "12 ms");
  EXPECT_EQ(format_duration(Seconds(8.06)), "8.1 s");
  EXPECT_EQ(format_duration(Seconds(59.7)), "1 min 00 s");
  EXPECT_EQ(format_duration(Seconds(200)), "3 min 20 s");
  EXPECT_EQ(format_duration(Seconds(7500)), "2 h 05 min");
  EXPECT_EQ(format_duration(Seconds(INFINITY)), "?");
  EXPECT_EQ(format_duration(Seconds(1e300)), "2562047788015215 h 30 min");
}

TEST(HumanFormat, UnitsChangeWhereTheNextOneReadsBetter) {
  EXPECT_EQ(format_duration(Seconds(0.0991)), "99 ms");
  EXPECT_EQ(format_duration(Seconds(0.12)), "0.1 s");
  EXPECT_EQ(format_duration(Seconds(9.94)), "9.9 s");
  EXPECT_EQ(format_duration(Seconds(9.96)), "10 s");
  EXPECT_EQ(format_duration(Seconds(59.4)), "59 s");
  EXPECT_EQ(format_duration(Seconds(3599)), "59 min 59 s");
  EXPECT_EQ(format_duration(Seconds(3600)), "1 h 00 min");
  EXPECT_EQ(format_bytes(999), "999 B");
  EXPECT_EQ(format_bytes(1000), "1.0 kB");
  EXPECT_EQ(format_bytes(999'940), "999.9 kB");
  EXPECT_EQ(format_bytes(999'960), "1.0 MB");
  EXPECT_EQ(format_bytes(2'500'000'000'000'000), "2500.0 TB");
}

TEST(HumanFormat, BytesAndTimes) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(24'000'000'000), "24.0 GB");
  EXPECT_EQ(format_time(0), "1970-01-01 00:00 UTC");
  EXPECT_EQ(format_time(86400.0 * 31 + 3600 * 13 + 60 * 7), "1970-02-01 13:07 UTC");
  EXPECT_EQ(format_time(1e300), "?");
  EXPECT_EQ(format_time(std::nan("")), "?");
}

TEST(HumanFormat, Counts) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(160'000), "160,000");
  EXPECT_EQ(format_count(12'345'678), "12,345,678");
  EXPECT_EQ(format_count(-1234), "-1,234");
}

TEST(HumanFormat, StepsBesideThoseOfPublishedModels) {
  EXPECT_EQ(format_steps(108, 160'000), "108 steps; published models take 160,000");
  EXPECT_EQ(format_steps(1, 0), "1 step");
  EXPECT_EQ(format_steps(160'000, 160'000), "160,000 steps");
  EXPECT_EQ(format_steps(std::nullopt, 160'000), "");
}

TEST(HumanFormat, Epochs) {
  EXPECT_EQ(format_epochs(3, 20), "3 of 20 epochs");
  EXPECT_EQ(format_epochs(20, 20), "20 epochs");
  EXPECT_EQ(format_epochs(20, 15), "20 epochs") << "those that it has";
}

TEST(HumanFormat, PrintableDisarmsTerminals) {
  EXPECT_EQ(printable("a\x1b[31mred\n\t"), "a\\x1b[31mred\\n\\t");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m")
      << "one character that begins an escape, too";
  EXPECT_EQ(printable("a\u202etxt.exe"), "a\\u202etxt.exe") << "text that would run backwards";
  EXPECT_EQ(printable("\xff\xc3(ok \u00e9\u4e2d\U0001f600"),
            "\\xff\\xc3(ok \u00e9\u4e2d\U0001f600");
  EXPECT_EQ(printable("ééé", 3), "é…");  // never half a character
}

}  // namespace
}  // namespace epochal

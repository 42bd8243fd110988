#include "framework/system/host.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "framework/system/process.h"

namespace epochal {
namespace {

TEST(Host, KnowsThisMachine) {
  const Host host = probe_host();
  EXPECT_GE(host.cores, 1);
  EXPECT_GT(host.memory_bytes, 1 << 20);
  EXPECT_NE(host.os.find("Linux"), std::string::npos);
}

TEST(Process, HasOneStartTime) {
  const auto start = process_start_ticks(getpid());
  ASSERT_TRUE(start.has_value());
  EXPECT_EQ(start, process_start_ticks(getpid()));
  EXPECT_EQ(process_start_ticks(999'999'999), std::nullopt);
}

TEST(Process, MeasuresItsPeakMemory) {
  reset_peak_memory();
  const auto before = peak_memory();
  ASSERT_TRUE(before.has_value());
  std::vector<char> block(64 << 20, 'x');
  EXPECT_GE(*peak_memory(), *before + (32 << 20));
  EXPECT_EQ(block[1000], 'x');
}

}  // namespace
}  // namespace epochal

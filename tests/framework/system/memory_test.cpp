#include "framework/system/memory.h"

#include <gtest/gtest.h>

#include <vector>

#include "framework/system/host.h"
#include "framework/system/process.h"

namespace epochal {
namespace {

TEST(Memory, AvailableIsSomeAndNotMoreThanThereIs) {
  const auto available = available_memory();
  ASSERT_TRUE(available);
  EXPECT_GT(*available, 1 << 20);
  EXPECT_LE(*available, probe_host().memory_bytes);
}

TEST(Memory, PeakIsThatOfTheAction) {
  constexpr std::int64_t kBytes = 200 << 20;
  const auto peak = peak_memory_of([] {
    std::vector<char> block(kBytes, 'x');
    ASSERT_EQ(block[kBytes / 2], 'x');
  });
  ASSERT_TRUE(peak);
  EXPECT_GT(*peak, kBytes * 9 / 10);
  EXPECT_LT(*peak, kBytes * 3 / 2);
  EXPECT_LT(*peak_memory_of([] {}), kBytes / 10) << "what an earlier action took is gone";
}

TEST(Process, KnowsItsAge) {
  const auto age = age_of_this_process();
  ASSERT_TRUE(age);
  EXPECT_GE(age->count(), 0);
  EXPECT_LT(age->count(), 300);
}

}  // namespace
}  // namespace epochal

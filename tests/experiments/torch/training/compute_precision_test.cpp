#include "experiments/torch/training/compute_precision.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace epochal {
namespace {

const torch::Device kCpu(torch::kCPU);

/// As Linux says them, independently of oneDNN.
bool processor_has(const std::string& flag) {
  std::ifstream file("/proc/cpuinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.find(" " + flag) != std::string::npos;
}

TEST(ComputePrecision, IsTheOneThatIsAskedFor) {
  EXPECT_EQ(choose_precision("float32", kCpu, 64), Precision::float32);
  EXPECT_EQ(choose_precision("bfloat16", kCpu, 512), Precision::bfloat16);
}

TEST(ComputePrecision, ByItselfIsTheFasterOne) {
#ifndef EPOCHAL_WITH_ONEDNN
  GTEST_SKIP() << "without oneDNN it is float32";
#endif
  const auto chosen = [](std::int64_t channels) {
    return choose_precision("auto", kCpu, channels);
  };
  if (!processor_has("avx512_bf16")) {
    EXPECT_EQ(chosen(64), Precision::float32);
    return;
  }
  EXPECT_EQ(chosen(0), Precision::bfloat16);
  EXPECT_EQ(chosen(256), Precision::bfloat16);
#if TORCH_VERSION_MAJOR < 2  // beside oneDNN 2 of Debian 12
  if (!processor_has("amx_bf16")) {
    EXPECT_EQ(chosen(512), Precision::float32);
  }
#endif
}

}  // namespace
}  // namespace epochal

// `epochal ls` starts in milliseconds because nothing of it links LibTorch.

#include <gtest/gtest.h>

#include <string>

#include "framework/system/program_output.h"

namespace {

TEST(Linkage, ProgramAndLibraryKnowNoLibTorch) {
  const std::string libraries = epochal::output_of({"ldd", EPOCHAL_PROGRAM});
  ASSERT_NE(libraries.find("libepochal.so"), std::string::npos) << libraries;
  // Whole names: the load addresses that ldd prints may hold "c10" by chance.
  for (const char* heavy : {"libtorch", "libc10", "libopencv", "libpython"}) {
    EXPECT_EQ(libraries.find(heavy), std::string::npos) << libraries;
  }
}

TEST(Linkage, NoopKnowsNoLibTorch) {
  const std::string libraries =
      epochal::output_of({"ldd", EPOCHAL_PLUGIN_FOLDER "/epochal-noop.so"});
  ASSERT_NE(libraries.find("libepochal.so"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("libtorch"), std::string::npos) << libraries;
}

}  // namespace

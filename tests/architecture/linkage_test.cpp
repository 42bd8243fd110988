// `epochal ls` starts in milliseconds because nothing of it links LibTorch.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    text.append(buffer.data(), count);
  }
  return text;
}

TEST(Linkage, ProgramAndLibraryKnowNoLibTorch) {
  const std::string libraries = output_of("ldd '" EPOCHAL_PROGRAM "'");
  ASSERT_NE(libraries.find("libepochal.so"), std::string::npos) << libraries;
  // Whole names: the load addresses that ldd prints may hold "c10" by chance.
  for (const char* heavy : {"libtorch", "libc10", "libopencv", "libpython"}) {
    EXPECT_EQ(libraries.find(heavy), std::string::npos) << libraries;
  }
}

TEST(Linkage, NoopKnowsNoLibTorch) {
  const std::string libraries = output_of("ldd '" EPOCHAL_PLUGIN_FOLDER "/epochal-noop.so'");
  ASSERT_NE(libraries.find("libepochal.so"), std::string::npos) << libraries;
  EXPECT_EQ(libraries.find("libtorch"), std::string::npos) << libraries;
}

}  // namespace

#include "experiments/torch/training/openmp_runtime.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using Paths = std::vector<std::string>;

TEST(OpenmpRuntime, IsKnownByTheNameOfItsFile) {
  EXPECT_EQ(openmp_runtimes({"", "/lib/libc.so.6", "/none/libgomp.so.1", "/lib/libcompat.so"}),
            Paths{"/none/libgomp.so.1"});
  EXPECT_EQ(
      openmp_runtimes({"/a/libgomp-a34b3233.so.1", "/b/libgomp.so.1", "/c/libiomp5.so",
                       "/d/libomp.so.5", "/e/libompl.so"}),
      (Paths{"/a/libgomp-a34b3233.so.1", "/b/libgomp.so.1", "/c/libiomp5.so", "/d/libomp.so.5"}));
}

TEST(OpenmpRuntime, OfTwoNamesOfOneFileIsOne) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "libgomp.so.1.0.0", "x");
  std::filesystem::create_symlink("libgomp.so.1.0.0", folder / "libgomp.so.1");
  EXPECT_EQ(
      openmp_runtimes({(folder / "libgomp.so.1").string(), (folder / "libgomp.so.1.0.0").string()})
          .size(),
      1u);
}

TEST(OpenmpRuntime, IsOneInThisProcess) {
  EXPECT_NO_THROW(check_openmp_runtime());
}

}  // namespace
}  // namespace epochal

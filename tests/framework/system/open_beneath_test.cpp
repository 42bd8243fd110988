#include "framework/system/open_beneath.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;
using Open = Handle (*)(const fs::path&, const fs::path&, int);

class OpenBeneath : public testing::TestWithParam<Open> {
 protected:
  Handle open_file(const fs::path& folder, const fs::path& within) const {
    return GetParam()(folder, within, O_RDONLY);
  }
};

TEST_P(OpenBeneath, OpensWhatLiesWithin) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "s/a/b/x", "1");
  fs::create_directory_symlink("s", folder / "link");
  EXPECT_EQ(test::read_file(open_file(folder / "s", "a/b/x").path()), "1");
  EXPECT_TRUE(open_file(folder / "link", "a/b/x").is_open()) << "the folder itself may be a link";
  EXPECT_FALSE(open_file(folder / "s", "a/none").is_open());
  EXPECT_FALSE(open_file(folder / "none", "a").is_open());
}

TEST_P(OpenBeneath, FollowsNoLinkAndLeavesNoFolder) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "secret/x", "1");
  test::write_file(folder / "s/a/x", "1");
  fs::create_directory_symlink("../secret", folder / "s/out");
  fs::create_directory_symlink("a", folder / "s/in");
  fs::create_symlink("../../secret/x", folder / "s/a/y");
  for (const fs::path& within :
       {fs::path("out/x"), fs::path("in/x"), fs::path("a/y"), fs::path("../secret/x"),
        fs::path("a/../../secret/x"), folder / "secret/x"}) {
    EXPECT_FALSE(open_file(folder / "s", within).is_open()) << within;
  }
}

TEST_P(OpenBeneath, StaysWithWhatItHasOpened) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "secret", "secret");
  test::write_file(folder / "s/x", "own");
  const Handle handle = open_file(folder / "s", "x");
  fs::remove(folder / "s/x");
  fs::create_symlink("../secret", folder / "s/x");
  EXPECT_EQ(test::read_file(handle.path()), "own");
}

INSTANTIATE_TEST_SUITE_P(BothWays, OpenBeneath, testing::Values(open_beneath, open_step_by_step));

}  // namespace
}  // namespace epochal

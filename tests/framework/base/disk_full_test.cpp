#include "framework/base/disk_full.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

std::error_code system_error(int number) {
  return {number, std::generic_category()};
}

TEST(DiskFull, IsAFullDiskOrASpentQuota) {
  EXPECT_TRUE(is_want_of_room(system_error(ENOSPC)));
  EXPECT_TRUE(is_want_of_room(system_error(EDQUOT)));
  EXPECT_TRUE(is_want_of_room(std::error_code(EDQUOT, std::system_category())));
  EXPECT_FALSE(is_want_of_room(system_error(EACCES)));
  EXPECT_FALSE(is_want_of_room({}));
}

TEST(DiskFull, ComesFromTheWriteThatFailed) {
  EXPECT_THROW(write_file("/dev/full", "x"), DiskFull);
  EXPECT_THROW(throw_write_error(system_error(EDQUOT), "x", ""), DiskFull);
  test::expect_error("/no/folder/x: No such file or directory; check the folder",
                     [] { write_file("/no/folder/x", "x"); });
}

TEST(DiskFull, WritesWholeFiles) {
  const test::TemporaryFolder folder;
  write_file(folder / "x", std::string(100'000, 'a'));
  write_file(folder / "x", "b");
  EXPECT_EQ(test::read_file(folder / "x"), "b");
}

}  // namespace
}  // namespace epochal

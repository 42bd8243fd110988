#include "framework/hardware/file_system.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

TEST(FileSystem, KnowsNetworkFileSystemsByTheirMagic) {
  EXPECT_EQ(network_file_system_of_magic(0x6969), "NFS");
  EXPECT_EQ(network_file_system_of_magic(0x0BD00BD0), "Lustre");
  EXPECT_EQ(network_file_system_of_magic(0xFF534D42), "CIFS");
  EXPECT_FALSE(network_file_system_of_magic(0xEF53)) << "ext4";
  EXPECT_FALSE(network_file_system_of_magic(0x01021994)) << "tmpfs";
}

TEST(FileSystem, LooksAtTheNearestParentThatExists) {
  EXPECT_FALSE(network_file_system("/proc/not/there"));
  const test::TemporaryFolder folder;
  EXPECT_EQ(network_file_system(folder / "a/b"), network_file_system(folder.path()));
}

}  // namespace
}  // namespace epochal

#include "framework/system/file_system.h"

#include <gtest/gtest.h>
#include <unistd.h>

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

TEST(FileSystem, MakesFoldersWhereTheSystemFindsThem) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "far/away");
  std::filesystem::create_directory_symlink("far/away", folder / "link");
  std::error_code error;
  make_folders_durably(folder / "link/../s/artifacts/", error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(std::filesystem::is_directory(folder / "far/s/artifacts"));
  EXPECT_FALSE(std::filesystem::exists(folder / "s"));
}

TEST(FileSystem, MakesFoldersInOneThatIsWritableButNotReadable) {
  const test::TemporaryFolder folder;
  const std::filesystem::path closed = folder / "closed";
  std::filesystem::create_directory(closed);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(closed, std::filesystem::perms(0333));
  // Root may read everything.
  constexpr uid_t kNobody = 65534;
  const uid_t own = geteuid();
  if (own == 0) {
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  std::error_code error;
  make_folders_durably(closed / "s", error);
  ASSERT_EQ(seteuid(own), 0);
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(std::filesystem::is_directory(closed / "s"));
  std::filesystem::permissions(closed, std::filesystem::perms(0755));
}

}  // namespace
}  // namespace epochal

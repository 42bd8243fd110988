#include "framework/system/unfinished_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

namespace fs = std::filesystem;

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(UnfinishedFolder, StandsUnderItsNameOnlyWhenItIsWhole) {
  const test::TemporaryFolder folder;
  const fs::path wanted = folder / "a/out";
  {
    const UnfinishedFolder unfinished(wanted, "");
    test::write_file(unfinished.path() / "sub/x", "1");
    EXPECT_FALSE(fs::exists(wanted));
    unfinished.move_into_place();
  }
  EXPECT_EQ(test::read_file(wanted / "sub/x"), "1");
  EXPECT_EQ(entries_in(folder / "a"), 1u);
}

TEST(UnfinishedFolder, LeavesAnEarlierFolderWholeUnlessItIsFinished) {
  const test::TemporaryFolder folder;
  const fs::path wanted = folder / "out";
  test::write_file(wanted / "sub/x", "old");
  test::write_file(wanted / "sub/mine", "mine");
  { test::write_file(UnfinishedFolder(wanted, "").path() / "sub/x", "new"); }
  EXPECT_EQ(test::read_file(wanted / "sub/x"), "old");
  {
    const UnfinishedFolder unfinished(wanted, "");
    test::write_file(unfinished.path() / "sub/x", "new");
    test::write_file(unfinished.path() / "y", "new");
    unfinished.move_into_place();
  }
  EXPECT_EQ(test::read_file(wanted / "sub/x"), "new");
  EXPECT_EQ(test::read_file(wanted / "sub/mine"), "mine");
  EXPECT_EQ(test::read_file(wanted / "y"), "new");
  EXPECT_EQ(entries_in(wanted), 2u);
}

TEST(UnfinishedFolder, RemovesWhatKilledProcessesLeft) {
  const test::TemporaryFolder folder;
  const fs::path wanted = folder / "out";
  test::write_file(folder / "out.unfinished-1/x", "left over");
  test::write_file(folder / "out.unfinished-mine/x", "not ours");
  test::write_file(folder / "other.unfinished-1/x", "of another folder");
  test::write_file(folder / "out.unfinished-2/x", "being written");
  const int writer = open((folder / "out.unfinished-2").c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(flock(writer, LOCK_EX), 0);
  fs::create_directory_symlink("other.unfinished-1", folder / "out.unfinished-3");
  { const UnfinishedFolder unfinished(wanted, ""); }
  close(writer);
  EXPECT_FALSE(fs::exists(folder / "out.unfinished-1"));
  for (const char* stays : {"out.unfinished-mine/x", "other.unfinished-1/x", "out.unfinished-2/x",
                            "out.unfinished-3/x"}) {
    EXPECT_TRUE(fs::exists(folder / stays)) << stays;
  }

  test::write_file(wanted / ".unfinished-1/x", "left over");
  { const UnfinishedFolder unfinished(wanted, ""); }
  EXPECT_TRUE(fs::is_empty(wanted));
}

TEST(UnfinishedFolder, TwoAtOnceDoNotMeet) {
  const test::TemporaryFolder folder;
  const UnfinishedFolder one(folder / "out", "");
  const UnfinishedFolder other(folder / "out", "");
  EXPECT_NE(one.path(), other.path());
  EXPECT_TRUE(fs::exists(one.path()));
}

TEST(UnfinishedFolder, SaysWhereItCannotBe) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "file", "");
  test::expect_error("file/out: Not a directory; name another",
                     [&] { UnfinishedFolder(folder / "file/out", "name another"); });
}

}  // namespace
}  // namespace epochal

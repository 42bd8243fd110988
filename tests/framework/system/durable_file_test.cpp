#include "framework/system/durable_file.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(WriteDurably, ReplacesTheFileAndLeavesNoOther) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "a", "old");
  write_durably(folder / "a", bytes("new"));
  EXPECT_EQ(test::read_file(folder / "a"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder / "a.tmp"));
}

TEST(WriteDurably, NamesTheFileThatItCannotWrite) {
  test::expect_error("/no/such/folder/a", [] { write_durably("/no/such/folder/a", bytes("x")); });
}

TEST(PublishFolder, ReplacesWhatADeadAttemptLeft) {
  const test::TemporaryFolder folder;
  test::write_file(folder / "checkpoint/stale", "old");
  test::write_file(folder / "checkpoint.tmp/state", "new");
  publish_path(folder / "checkpoint.tmp", folder / "checkpoint");
  EXPECT_EQ(test::read_file(folder / "checkpoint/state"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder / "checkpoint/stale"));
  EXPECT_FALSE(std::filesystem::exists(folder / "checkpoint.tmp"));
}

}  // namespace
}  // namespace epochal

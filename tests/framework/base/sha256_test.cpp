#include "framework/base/sha256.h"

#include <gtest/gtest.h>

#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

TEST(Sha256, AgreesWithTheStandard) {  // FIPS 180-4, examples
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, ReadsFilesLargerThanItsBuffer) {
  const test::TemporaryFolder folder;
  const std::string text(700'000, 'x');
  test::write_file(folder / "large", text);
  EXPECT_EQ(sha256_of_file(folder / "large"), sha256_of(text));
}

TEST(Sha256, NamesAMissingFile) {
  test::expect_error("/nowhere/at-all", [] { sha256_of_file("/nowhere/at-all"); });
}

}  // namespace
}  // namespace epochal

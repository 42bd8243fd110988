#include "framework/system/whole_path.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

TEST(WholePath, LeadsToWhereTheSystemFindsIt) {
  const test::TemporaryFolder folder;
  const std::filesystem::path root = std::filesystem::canonical(folder.path());
  std::filesystem::create_directories(root / "far/away");
  std::filesystem::create_directory_symlink("far/away", root / "link");
  EXPECT_EQ(whole_path(root / "link/../data"), root / "far/data") << "there or not";
  EXPECT_EQ(whole_path(root / "far/../link/x"), root / "far/away/x");
  EXPECT_EQ(whole_path(root / "link/./x"), root / "link/x") << "links keep their names";
  EXPECT_EQ(whole_path(root / "none/../x"), root / "x");
  EXPECT_EQ(whole_path("x"), std::filesystem::current_path() / "x");
}

}  // namespace
}  // namespace epochal

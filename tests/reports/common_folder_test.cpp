#include "reports/common_folder.h"

#include <gtest/gtest.h>

namespace epochal::report {
namespace {

TEST(CommonFolder, IsThatOfAllPathsAndOfNothingElse) {
  EXPECT_EQ(common_folder({"/data/photos/a", "/data/photos/b"}), "/data/photos/");
  EXPECT_EQ(common_folder({"/data/photos", "/data/photos900"}), "/data/");
  EXPECT_EQ(common_folder({"/data/photos", "/data/photos/small"}), "/data/");
  EXPECT_EQ(common_folder({"/data/photos", "generated:scenes"}), "/data/");
  EXPECT_EQ(common_folder({"/a/b", "/c/d"}), "/");
  EXPECT_EQ(common_folder({"generated:scenes", "mini", ""}), "");
  EXPECT_EQ(common_folder({}), "");
}

TEST(CommonFolder, IsLeftOutOfWhatLiesThere) {
  EXPECT_EQ(without_folder("/data/photos", "/data/"), "photos");
  EXPECT_EQ(without_folder("/data/", "/data/"), "/data/") << "something has to be left";
  EXPECT_EQ(without_folder("generated:scenes", "/data/"), "generated:scenes");
  EXPECT_EQ(without_folder("mini", ""), "mini");
}

}  // namespace
}  // namespace epochal::report

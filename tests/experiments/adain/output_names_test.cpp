#include "experiments/adain/output_names.h"

#include <gtest/gtest.h>

namespace epochal::adain {
namespace {

using Names = std::vector<std::string>;

TEST(OutputNames, TellFilesOfTheSameNameApart) {
  EXPECT_EQ(labels_of({"a/x.jpg", "b/x.png", "x-2.jpg", "y.tar.jpg"}),
            (Names{"x", "x-2", "x-2-2", "y.tar"}));
  EXPECT_EQ(labels_of({"generated:scenes:3"}), Names{"scenes-3"});
  EXPECT_EQ(distinct_names({"a--b", "a--b", "a--c"}), (Names{"a--b", "a--b-2", "a--c"}));
}

TEST(OutputNames, FitIntoFileSystemsAndStayUtf8) {
  std::string name(99, 'x');
  name += "éa";
  EXPECT_EQ(labels_of({name + ".jpg"}), Names{std::string(99, 'x')});
  const std::vector<std::string> long_names =
      distinct_names({std::string(400, 'a'), std::string(401, 'a')});
  EXPECT_EQ(long_names[1], long_names[0] + "-2");
  EXPECT_LT(long_names[1].size() + std::string(".webp").size(), 256u);
}

}  // namespace
}  // namespace epochal::adain

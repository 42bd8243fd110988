#include "db/run_exporter.h"

#include <gtest/gtest.h>

namespace epochal {
namespace {

TEST(FileNames, NamesThatDifferGetFilesThatDiffer) {
  const std::set<std::string> names{"a_b",
                                    "a/b",
                                    "a:b",
                                    "a_b_2",
                                    "..",
                                    "_..",
                                    "",
                                    "\n",
                                    std::string(300, 'x'),
                                    std::string(301, 'x')};
  const auto files = file_names_for(names);
  ASSERT_EQ(files.size(), names.size());
  EXPECT_EQ(files.at("a_b"), "a_b") << "what can be a file's name stays";
  EXPECT_EQ(files.at("a_b_2"), "a_b_2");
  EXPECT_EQ(files.at("a/b"), "a_b_3");
  std::set<std::string> distinct;
  for (const auto& [name, file] : files) {
    distinct.insert(file);
    EXPECT_FALSE(file.empty());
    EXPECT_EQ(file.find('/'), std::string::npos);
    EXPECT_NE(file, "..");
  }
  EXPECT_EQ(distinct.size(), names.size());
}

}  // namespace
}  // namespace epochal

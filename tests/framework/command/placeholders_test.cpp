#include "framework/command/placeholders.h"

#include <gtest/gtest.h>

namespace epochal {
namespace {

using Names = std::vector<std::string>;

TEST(Placeholders, AreSafeOutsideOfQuotes) {
  for (const char* line : {"echo {a}", "echo 'x'{a}\"y\"", "f '\\' {a}", "x=$(cat {a})",
                           "echo a#b {a}", "# note\necho {a}", "sort < {a}", "echo \\\\{a}"}) {
    EXPECT_EQ(unsafe_placeholders_of(line), Names{}) << line;
  }
}

TEST(Placeholders, AreUnsafeWhereTheirQuotesEndOthers) {
  for (const char* line :
       {"echo '{a}'", "echo \"{a}\"", "echo \"it's {a}\"", "echo `cat {a}`", "echo \\{a}",
        "true # {a}", "cat <<END\n{a}\nEND", "echo 'don'\\''t {a}'", "echo \"\\\"{a}\""}) {
    EXPECT_EQ(unsafe_placeholders_of(line), Names{"a"}) << line;
  }
}

}  // namespace
}  // namespace epochal

// What gnuplot itself makes of the strings.

#include "reports/figures/gnuplot_string.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "framework/base/printable.h"
#include "framework/system/child_process.h"
#include "tests/support/temporary_folder.h"

namespace epochal::report {
namespace {

/// Lets gnuplot print each string, and returns its lines.
std::vector<std::string> printed(const std::vector<std::string>& texts) {
  const test::TemporaryFolder folder;
  std::ofstream script(folder / "all.gp", std::ios::binary);
  script << "set print 'said'\n";
  for (const std::string& text : texts) script << "print " << gnuplot_string(text) << '\n';
  script.close();
  ProcessStart start;
  start.command = {"gnuplot", "all.gp"};
  start.output = folder / "log";
  start.directory = folder.path();
  EXPECT_TRUE(ChildProcess(start).wait().is_success()) << test::read_file(folder / "log");
  EXPECT_FALSE(std::filesystem::exists(folder / "pwned"));
  std::istringstream said(test::read_file(folder / "said"));
  std::vector<std::string> lines;
  for (std::string line; std::getline(said, line);) lines.push_back(line);
  return lines;
}

TEST(GnuplotString, StandsForTheTextWhateverIsInIt) {
  std::vector<std::string> texts{"it''s",
                                 "'a'",
                                 "a\"; system \"touch pwned\"; #",
                                 "`touch pwned`",
                                 "@variable $x %s {/Bold x} \\n \\\\",
                                 "x\nsystem \"touch pwned\"\n#",
                                 "naïve – 数",
                                 std::string("zero\0byte", 9),
                                 "\xff\xfe"};
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    std::string text;
    const auto length = random() % 40;
    for (std::size_t j = 0; j < length; ++j) text += static_cast<char>(random() % 256);
    texts.push_back(text);
  }
  const std::vector<std::string> lines = printed(texts);
  ASSERT_EQ(lines.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) EXPECT_EQ(lines[i], printable(texts[i], 200)) << i;
}

}  // namespace
}  // namespace epochal::report

// docs/plugins.md, followed to the letter: install epochal, build the page's experiment outside of
// the tree, run its sweep, get a report.

#include <gtest/gtest.h>

#include <cstdlib>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {
namespace {

/// The first fenced block of a language on the page.
std::string block(const std::string& page, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = page.find(fence) + fence.size();
  return page.substr(begin, page.find("```", begin) - begin);
}

/// The command's output goes to the test's own, where a failure shows it.
bool succeeds(const std::string& command) {
  return std::system(command.c_str()) == 0;
}

TEST(OutsidePlugin, ThePageWorksAsWritten) {
  Program program;
  const std::string page = read_file(EPOCHAL_SOURCE_FOLDER "/docs/plugins.md");
  write_file(program / "sine.cpp", block(page, "cpp"));
  write_file(program / "CMakeLists.txt", block(page, "cmake"));
  write_file(program / "sine.toml", block(page, "toml"));
  const std::string folder = program.folder().string();
  const std::string prefix = folder + "/prefix";

  ASSERT_TRUE(succeeds("cmake --install '" EPOCHAL_BUILD_FOLDER "' --prefix " + prefix));
  ASSERT_TRUE(
      succeeds("cmake -S " + folder + " -B " + folder + "/build -DCMAKE_PREFIX_PATH=" + prefix));
  ASSERT_TRUE(succeeds("cmake --build " + folder + "/build"));

  program.executable = prefix + "/bin/epochal";
  program.environment["EPOCHAL_PLUGIN_PATH"] = folder + "/build";
  EXPECT_NE(program.run({"experiments", "show", "sine"}).out.find("hidden units"),
            std::string::npos);
  const Finished run = program.run({"run", "sine.toml"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Query query(program / "epochal-store");
  ASSERT_EQ(query.runs().size(), 6u);
  for (const RunRecord& record : query.runs()) {
    const auto epochs = query.epochs(record.id);
    EXPECT_LT(epochs.back().metrics.at("val.loss"), epochs.front().metrics.at("val.loss"));
  }
  EXPECT_EQ(program.run({"report", "sine.toml", "-o", "report"}).exit_code, 0);
  EXPECT_NE(read_file(program / "report/index.html").find("units 32, seed 1"), std::string::npos);
}

}  // namespace
}  // namespace epochal::test

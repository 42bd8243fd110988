// docs/plugins.md, followed to the letter: install epochal, build the page's experiment outside of
// the tree, run its sweep, get a report.

#include <gtest/gtest.h>

#include <cstdlib>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {
namespace {

/// The first fenced block of a language in a text.
std::string block(const std::string& text, const std::string& language) {
  const std::string fence = "```" + language + "\n";
  const std::size_t begin = text.find(fence) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

/// The command's output goes to the test's own, where a failure shows it.
bool succeeds(const std::string& command) {
  return std::system(command.c_str()) == 0;
}

/// Installs epochal, builds the experiment that a part of the page shows outside of the tree, and
/// leaves its sweep file beside it.
void build_experiment(Program& program, const std::string& part, const std::string& name) {
  write_file(program / (name + ".cpp"), block(part, "cpp"));
  write_file(program / "CMakeLists.txt", block(part, "cmake"));
  write_file(program / (name + ".toml"), block(part, "toml"));
  const std::string folder = program.folder().string();
  const std::string prefix = folder + "/prefix";
  ASSERT_TRUE(
      succeeds("cmake --install '" EPOCHAL_BUILD_FOLDER "' --prefix " + prefix + " >/dev/null"));
  ASSERT_TRUE(
      succeeds("cmake -S " + folder + " -B " + folder + "/build -DCMAKE_PREFIX_PATH=" + prefix));
  ASSERT_TRUE(succeeds("cmake --build " + folder + "/build"));
  program.executable = prefix + "/bin/epochal";
  program.environment["EPOCHAL_PLUGIN_PATH"] = folder + "/build";
}

const std::string kPage = read_file(EPOCHAL_SOURCE_FOLDER "/docs/plugins.md");
const std::size_t kLibTorchPart = kPage.find("## With LibTorch");

TEST(OutsidePlugin, ThePageWorksAsWritten) {
  Program program;
  ASSERT_NO_FATAL_FAILURE(build_experiment(program, kPage, "sine"));
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

TEST(OutsidePlugin, ItsLibTorchExampleLearnsAndGoesOnExactly) {
  ASSERT_NE(kLibTorchPart, std::string::npos);
  Program program;
  ASSERT_NO_FATAL_FAILURE(build_experiment(program, kPage.substr(kLibTorchPart), "kinds"));
  const Finished run = program.run({"run", "kinds.toml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  ASSERT_EQ(program.run({"run", "kinds.toml", "epochs=5", "--store", "sittings"}).exit_code, 0);
  ASSERT_EQ(program.run({"run", "kinds.toml", "--store", "sittings"}).exit_code, 0);
  const Query whole(program / "epochal-store");
  const Query sittings(program / "sittings");
  ASSERT_EQ(whole.runs().size(), 2u);
  for (const RunRecord& record : whole.runs()) {
    const auto epochs = whole.epochs(record.id);
    ASSERT_EQ(epochs.size(), 12u);
    EXPECT_GT(epochs.back().metrics.at("val.accuracy"), 0.65);
    const auto other = sittings.epochs(sittings.run_by_identity(record.identity)->id);
    ASSERT_EQ(other.size(), 12u);
    EXPECT_EQ(other.back().metrics, epochs.back().metrics);
  }
}

}  // namespace
}  // namespace epochal::test

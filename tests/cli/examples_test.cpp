// The programs of examples/, as somebody would run them.

#include <gtest/gtest.h>

#include <cstdlib>

#include "framework/command/command_experiment.h"
#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

bool is_there(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

class Examples : public RecordedPrograms {
 protected:
  void copy(const std::string& example) {
    for (const auto& entry :
         std::filesystem::directory_iterator(EPOCHAL_SOURCE_FOLDER "/examples/" + example)) {
      std::filesystem::copy(entry.path(), program_ / entry.path().filename(),
                            std::filesystem::copy_options::recursive);
    }
  }

  /// Whether a metric of every run is better at its end than after its first epoch.
  void expect_learnt(const std::string& metric) {
    const auto all = metrics();
    EXPECT_FALSE(all.empty());
    for (const auto& [identity, epochs] : all) {
      EXPECT_LT(epochs.back().at(metric), epochs.front().at(metric));
    }
  }
};

TEST_F(Examples, DigitsOfScikitLearnGoOnExactly) {
  if (!is_there("/usr/bin/python3 -c 'import sklearn'")) {
    GTEST_SKIP() << "there is no scikit-learn: scripts/setup --for-tests installs it";
  }
  put_on_path("/usr/bin");  // Debian's packages are for Debian's Python
  copy("digits");
  const std::vector<std::string> fewer{"hidden=[8]", "learning_rate=[0.01]", "epochs=5"};
  std::vector<std::string> whole{"run", "digits.toml"};
  whole.insert(whole.end(), fewer.begin(), fewer.end());
  succeed(whole);
  expect_learnt("val.loss");
  std::vector<std::string> parts = whole;
  parts.insert(parts.end(), {"--store", "parts"});
  parts.at(4) = "epochs=2";
  succeed(parts);
  parts.at(4) = "epochs=5";
  succeed(parts);
  EXPECT_EQ(metrics("parts"), metrics());
  const store::Query query(program_ / "parts");
  EXPECT_EQ(query.choices(query.runs().at(0).id).at(kResumeKind), "exact");
  succeed({"report", "--where", "run.experiment = 'command:digits'", "-o", "report"});
}

TEST_F(Examples, AShellScriptSaysLines) {
  copy("shell");
  succeed({"run", "fit.toml"});
  EXPECT_EQ(metrics().size(), 3u);
  expect_learnt("train.loss");
}

TEST_F(Examples, ProgramsAndPluginsAreInOneReport) {
  copy("shell");
  succeed({"run", "fit.toml"});
  write_file(program_ / "noop.toml", "name = 'n'\nexperiment = 'noop'\nepochs = 12\n");
  succeed({"run", "noop.toml"});
  succeed({"report", "--where", "run.epochs = 12", "-o", "report"});
  const std::string page = read_file(program_ / "report/report.md");
  expect_in(page, "| command:fit, rate 0.01 |");
  expect_in(page, "| noop |");
}

TEST_F(Examples, AGoProgramSaysLines) {
  if (!is_there("go version")) GTEST_SKIP() << "there is no Go";
  copy("go");
  program_.environment["GO111MODULE"] = "off";
  const Finished built = program_.shell("go build perceptron.go");
  ASSERT_EQ(built.exit_code, 0) << built.err;
  succeed({"run", "perceptron.toml"});
  expect_learnt("train.errors");
}

TEST_F(Examples, ARustProgramPrintsLines) {
  if (!is_there("rustc --version")) GTEST_SKIP() << "there is no Rust";
  copy("rust");
  const Finished built = program_.shell("rustc -O perceptron.rs");
  ASSERT_EQ(built.exit_code, 0) << built.err;
  succeed({"run", "perceptron.toml"});
  expect_learnt("train.errors");
}

}  // namespace
}  // namespace epochal::test

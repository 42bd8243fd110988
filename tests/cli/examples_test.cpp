// The programs of examples/, as somebody would run them.

#include <gtest/gtest.h>

#include <cstdlib>

#include "db/query.h"
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

  void expect_success(const std::vector<std::string>& arguments) {
    const Finished done = program_.run(arguments);
    EXPECT_EQ(done.exit_code, 0) << done.err;
  }

  std::map<std::string, std::vector<Metrics>> metrics(const std::string& store) {
    std::map<std::string, std::vector<Metrics>> all;
    const store::Query query(program_ / store);
    for (const store::RunRecord& run : query.runs()) {
      for (const store::EpochRecord& epoch : query.epochs(run.id)) {
        all[run.identity].push_back(epoch.metrics);
      }
    }
    return all;
  }

  /// Whether a metric of every run is better at its end than after its first epoch.
  void expect_learnt(const std::string& metric) {
    const auto all = metrics("epochal-store");
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
  // Debian's packages are for Debian's Python.
  const char* path = std::getenv("PATH");
  program_.environment["PATH"] = std::string("/usr/bin:") + (path == nullptr ? "" : path);
  copy("digits");
  const std::vector<std::string> fewer{"hidden=[8]", "learning_rate=[0.01]", "epochs=5"};
  std::vector<std::string> whole{"run", "digits.toml"};
  whole.insert(whole.end(), fewer.begin(), fewer.end());
  expect_success(whole);
  expect_learnt("val.loss");
  std::vector<std::string> parts = whole;
  parts.insert(parts.end(), {"--store", "parts"});
  parts.at(4) = "epochs=2";
  expect_success(parts);
  parts.at(4) = "epochs=5";
  expect_success(parts);
  EXPECT_EQ(metrics("parts"), metrics("epochal-store"));
  const store::Query query(program_ / "parts");
  EXPECT_EQ(query.choices(query.runs().at(0).id).at(kResumeKind), "exact");
  expect_success({"report", "--where", "run.experiment = 'command:digits'", "-o", "report"});
}

TEST_F(Examples, AShellScriptSaysLines) {
  copy("shell");
  expect_success({"run", "fit.toml"});
  EXPECT_EQ(metrics("epochal-store").size(), 3u);
  expect_learnt("train.loss");
}

TEST_F(Examples, ProgramsAndPluginsAreInOneReport) {
  copy("shell");
  expect_success({"run", "fit.toml"});
  write_file(program_ / "noop.toml", "name = 'n'\nexperiment = 'noop'\nepochs = 12\n");
  expect_success({"run", "noop.toml"});
  expect_success({"report", "--where", "run.epochs = 12", "-o", "report"});
  const std::string page = read_file(program_ / "report/report.md");
  EXPECT_NE(page.find("| command:fit, rate 0.01 |"), std::string::npos) << page;
  EXPECT_NE(page.find("| noop |"), std::string::npos) << page;
}

TEST_F(Examples, AGoProgramSaysLines) {
  if (!is_there("go version")) GTEST_SKIP() << "there is no Go";
  copy("go");
  program_.environment["GO111MODULE"] = "off";
  const Finished built = program_.shell("go build perceptron.go");
  ASSERT_EQ(built.exit_code, 0) << built.err;
  expect_success({"run", "perceptron.toml"});
  expect_learnt("train.errors");
}

TEST_F(Examples, ARustProgramPrintsLines) {
  if (!is_there("rustc --version")) GTEST_SKIP() << "there is no Rust";
  copy("rust");
  const Finished built = program_.shell("rustc -O perceptron.rs");
  ASSERT_EQ(built.exit_code, 0) << built.err;
  expect_success({"run", "perceptron.toml"});
  expect_learnt("train.errors");
}

}  // namespace
}  // namespace epochal::test

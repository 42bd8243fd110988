// A sweep that is run again after its experiment was built otherwise.

#include <gtest/gtest.h>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class ChangedBuild : public ProgramTest {
 protected:
  ChangedBuild() { use("accuracy"); }

  void use(const std::string& build) {
    program_.environment["EPOCHAL_PLUGIN_PATH"] =
        std::string(EPOCHAL_TEST_PLUGIN_FOLDER) + "/" + build;
  }

  Finished run(int epochs, const std::vector<std::string>& options = {}) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='accuracy'\nseeds=[0,1]\nepochs=" +
                                        std::to_string(epochs) + "\n");
    std::vector<std::string> arguments{"run", "s.toml"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return program_.run(arguments);
  }

  /// The accuracy at each run's last epoch.
  std::vector<double> ends() const {
    const store::Query query(program_ / "epochal-store");
    std::vector<double> ends;
    EXPECT_EQ(query.runs().size(), 2u);
    for (const store::RunRecord& run : query.runs()) {
      ends.push_back(query.series(run.id, "val.accuracy").back().value);
    }
    return ends;
  }
};

TEST_F(ChangedBuild, TheSameBuildSaysNothing) {
  ASSERT_EQ(run(3).exit_code, 0);
  const Finished again = run(5);
  EXPECT_EQ(again.exit_code, 0);
  expect_not_in(again.err, "build");
}

TEST_F(ChangedBuild, FinishedRunsStayAndThatIsSaidOnce) {
  ASSERT_EQ(run(3).exit_code, 0);
  const std::vector<double> before = ends();
  use("accuracy-changed");
  const Finished again = run(3);
  EXPECT_EQ(again.exit_code, 0);
  const std::string said = "2 runs finished, but made by another build of 'accuracy'";
  expect_in(again.err, said);
  EXPECT_EQ(again.err.find(said), again.err.rfind(said));
  EXPECT_EQ(ends(), before);
  expect_not_in(run(3, {"--allow-changed"}).err, "another build");
  const Finished dry = run(3, {"--dry-run"});
  expect_in(dry.out, "finished, 3 epochs, by another build");
}

TEST_F(ChangedBuild, BegunRunsAreLeftAloneUntilSomebodyDecides) {
  ASSERT_EQ(run(3).exit_code, 0);
  use("accuracy-changed");
  const Finished again = run(5);
  EXPECT_EQ(again.exit_code, 3);
  expect_in(again.err, "2 runs started by another build of 'accuracy'");
  for (const store::RunRecord& run : query().runs()) {
    EXPECT_EQ(run.epochs_done, 3);
    EXPECT_EQ(run.epochs, 3) << "nothing is asked of it that it does not have";
    EXPECT_EQ(run.status, store::RunStatus::finished);
  }
  EXPECT_EQ(run(5, {"--allow-changed"}).exit_code, 0);
  const store::Query query(program_ / "epochal-store");
  for (const store::RunRecord& run : query.runs()) {
    const std::vector<store::AttemptRecord> attempts = query.attempts(run.id);
    ASSERT_EQ(attempts.size(), 2U);
    EXPECT_FALSE(attempts[0].build.empty());
    EXPECT_NE(attempts[0].build, attempts[1].build);
  }
  EXPECT_EQ(run(5).err.find("another build"), std::string::npos) << "the last epoch counts";
}

TEST_F(ChangedBuild, RunsThatARuleStoppedAreToldToo) {
  const auto stopped = [&](const std::vector<std::string>& options) {
    write_file(program_ / "t.toml",
               "name='t'\nexperiment='accuracy'\nepochs=8\n[stop]\npatience=2\n");
    std::vector<std::string> arguments{"run", "t.toml"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return program_.run(arguments);
  };
  ASSERT_EQ(stopped({}).exit_code, 0);
  use("accuracy-changed");
  const Finished again = stopped({});
  expect_in(again.err, "1 run finished, but made by another build");
  EXPECT_EQ(stopped({"--restart-changed"}).exit_code, 0);
  expect_not_in(stopped({}).err, "another build");
}

TEST_F(ChangedBuild, RestartedRunsAreMadeByTheNewBuildAlone) {
  ASSERT_EQ(run(3).exit_code, 0);
  const std::vector<double> before = ends();
  use("accuracy-changed");
  EXPECT_EQ(run(3, {"--restart-changed"}).exit_code, 0);
  const std::vector<double> after = ends();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_NEAR(after[i] - before[i], 0.05, 1e-9);
  for (const store::RunRecord& run : query().runs()) {
    EXPECT_EQ(run.status, store::RunStatus::finished);
    EXPECT_EQ(run.epochs_done, 3);
  }
  EXPECT_EQ(run(3, {"--restart-changed", "--allow-changed"}).exit_code, 2);
}

}  // namespace
}  // namespace epochal::test

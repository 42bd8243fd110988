// What a one-node cluster cannot show, with a stand-in for Slurm's commands: warnings, a controller
// that is away for a while, answers that are none. tests/cli/slurm_test.cpp has the real one.

#include <gtest/gtest.h>

#include <cstdlib>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {
namespace {

class SlurmStandIn : public testing::Test {
 protected:
  SlurmStandIn() {
    const char* path = std::getenv("PATH");
    program_.environment["PATH"] = std::string(EPOCHAL_SOURCE_FOLDER) +
                                   "/tests/support/slurm_stand_in:" + (path == nullptr ? "" : path);
    program_.environment["STAND_IN"] = (program_ / "cluster").string();
    write_file(program_ / "s.toml",
               "name = 's'\nexperiment = 'noop'\nepochs = 4\n[params]\nsleep = 0.1\n"
               "[sweep.grid]\nlearning_rate = [0.1, 0.2, 0.3]\n");
  }

  Finished run(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"run", "s.toml", "--executor", "slurm"});
    return program_.run(more);
  }

  void expect_finished() {
    for (const store::RunRecord& run : store::Query(program_ / "epochal-store").runs()) {
      EXPECT_EQ(run.status, store::RunStatus::finished) << run.error;
      EXPECT_EQ(run.epochs_done, 4);
    }
  }

  Program program_;
};

TEST_F(SlurmStandIn, AWarningIsNoPartOfTheJobsNumber) {
  const Finished done = run();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("as Slurm job 1000\n"), std::string::npos) << done.err;
  expect_finished();
}

TEST_F(SlurmStandIn, AControllerThatIsAwayIsWaitedFor) {
  write_file(program_ / "cluster/failures", "3");
  const Finished done = run();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_NE(done.err.find("Unable to contact slurm controller"), std::string::npos) << done.err;
  EXPECT_NE(done.err.find("trying again"), std::string::npos) << done.err;
  expect_finished();
}

TEST_F(SlurmStandIn, AnAnswerThatIsNoNumberIsSaid) {
  program_.environment["STAND_IN_ANSWER"] = "Submitted, more or less";
  const Finished done = run();
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_NE(done.err.find("sbatch printed no job number, but: Submitted, more or less"),
            std::string::npos)
      << done.err;
}

TEST_F(SlurmStandIn, OptionsThatItWouldIgnoreAreRefused) {
  for (const std::vector<std::string>& option : {std::vector<std::string>{"--jobs", "2"},
                                                 {"--budget", "1h"},
                                                 {"--retry", "1"},
                                                 {"--fail-fast"}}) {
    const Finished refused = run(option);
    EXPECT_EQ(refused.exit_code, 2) << option.front();
    EXPECT_NE(refused.err.find(option.front() + " cannot be used with --executor slurm"),
              std::string::npos)
        << refused.err;
  }
  const Finished refused = program_.run({"run", "s.toml", "--detach"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("--detach cannot be used with --executor local"), std::string::npos);
}

}  // namespace
}  // namespace epochal::test

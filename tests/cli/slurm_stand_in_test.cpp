// What a one-node cluster cannot show, with a stand-in for Slurm's commands: warnings, a controller
// that is away for a while, answers that are none. tests/cli/slurm_test.cpp has the real one.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class SlurmStandIn : public ProgramTest {
 protected:
  SlurmStandIn() {
    use_slurm_stand_in();
    write_file(program_ / "s.toml",
               "name = 's'\nexperiment = 'noop'\nepochs = 4\n[params]\nsleep = 0.1\n"
               "[sweep.grid]\nlearning_rate = [0.1, 0.2, 0.3]\n");
  }

  Finished run(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"run", "s.toml", "--executor", "slurm"});
    return program_.run(more);
  }

  void expect_finished() {
    EXPECT_EQ(query().runs().size(), 3u);
    for (const store::RunRecord& run : query().runs()) {
      EXPECT_EQ(run.status, store::RunStatus::finished) << run.error;
      EXPECT_EQ(run.epochs_done, 4);
    }
  }
};

TEST_F(SlurmStandIn, AWarningIsNoPartOfTheJobsNumber) {
  const Finished done = run();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  expect_in(done.err, "as Slurm job 1000\n");
  expect_finished();
}

TEST_F(SlurmStandIn, AControllerThatIsAwayIsWaitedFor) {
  write_file(program_ / "cluster/failures", "3");
  const Finished done = run();
  EXPECT_EQ(done.exit_code, 0) << done.err;
  expect_in(done.err, "Unable to contact slurm controller");
  expect_in(done.err, "trying again");
  expect_finished();
}

TEST_F(SlurmStandIn, AnAnswerThatIsNoNumberIsSaid) {
  program_.environment["STAND_IN_ANSWER"] = "Submitted, more or less";
  expect_refusal(run(), "sbatch printed no job number, but: Submitted, more or less");
}

TEST_F(SlurmStandIn, OptionsThatItWouldIgnoreAreRefused) {
  for (const std::vector<std::string>& option : {std::vector<std::string>{"--jobs", "2"},
                                                 {"--budget", "1h"},
                                                 {"--retry", "1"},
                                                 {"--fail-fast"}}) {
    expect_refusal(run(option), option.front() + " cannot be used with --executor slurm");
  }
  expect_refused({"run", "s.toml", "--detach"}, "--detach cannot be used with --executor local");
}

}  // namespace
}  // namespace epochal::test

// A validation that takes long can be interrupted, and the deadline holds in it.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

using Clock = std::chrono::steady_clock;

class LongValidation : public ProgramTest {
 protected:
  LongValidation() {
    use_plugin("accuracy");
    program_.environment["EPOCHAL_TEST_VALIDATION"] = "1000";  // seconds
    write_file(program_ / "s.toml", "name='s'\nexperiment='accuracy'\nepochs=2\n");
  }

  /// The training of the first epoch, which takes no time, is over.
  bool is_validating() const { return has_epochs(0) && !query().attempts(only_run().id).empty(); }

  /// What was interrupted is whole: the epoch never happened, and the run goes on.
  void expect_interrupted_and_resumable() {
    EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
    EXPECT_EQ(only_run().epochs_done, 0);
    program_.environment["EPOCHAL_TEST_VALIDATION"] = "";
    EXPECT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
    EXPECT_EQ(only_run().epochs_done, 2);
  }
};

TEST_F(LongValidation, CanBeInterrupted) {
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_validating(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const Clock::time_point asked = Clock::now();
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  EXPECT_LT(Clock::now() - asked, std::chrono::seconds(8)) << "its worker was not killed";
  expect_interrupted_and_resumable();
}

TEST_F(LongValidation, EndsAtTheDeadline) {
  const Clock::time_point begun = Clock::now();
  EXPECT_EQ(program_.run({"run", "s.toml", "--budget", "2s"}).exit_code, 3) << program_.err();
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(20));
  expect_in(events(), "the time was up");
  expect_interrupted_and_resumable();
}

}  // namespace
}  // namespace epochal::test

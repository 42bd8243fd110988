// A validation that takes long can be interrupted, and the deadline holds in it.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal::test {
namespace {

using Clock = std::chrono::steady_clock;

class LongValidation : public testing::Test {
 protected:
  LongValidation() {
    program_.environment["EPOCHAL_PLUGIN_PATH"] =
        std::string(EPOCHAL_TEST_PLUGIN_FOLDER) + "/accuracy";
    program_.environment["EPOCHAL_TEST_VALIDATION"] = "1000";  // seconds
    write_file(program_ / "s.toml", "name='s'\nexperiment='accuracy'\nepochs=2\n");
  }

  store::RunRecord only_run() const {
    return store::Query(program_ / "epochal-store").runs().at(0);
  }

  /// The training of the first epoch, which takes no time, is over.
  bool is_validating() const {
    if (!std::filesystem::exists(program_ / "epochal-store/epochal.db")) return false;
    const store::Query query(program_ / "epochal-store");
    return !query.runs().empty() && !query.attempts(query.runs()[0].id).empty();
  }

  /// What was interrupted is whole: the epoch never happened, and the run goes on.
  void expect_interrupted_and_resumable() {
    EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
    EXPECT_EQ(only_run().epochs_done, 0);
    program_.environment["EPOCHAL_TEST_VALIDATION"] = "";
    EXPECT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
    EXPECT_EQ(only_run().epochs_done, 2);
  }

  Program program_;
};

TEST_F(LongValidation, CanBeInterrupted) {
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(comes_true([&] { return is_validating(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const Clock::time_point asked = Clock::now();
  kill(pid, SIGINT);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 3) << program_.err();
  EXPECT_LT(Clock::now() - asked, std::chrono::seconds(8)) << "its worker was not killed";
  expect_interrupted_and_resumable();
}

TEST_F(LongValidation, EndsAtTheDeadline) {
  const Clock::time_point begun = Clock::now();
  EXPECT_EQ(program_.run({"run", "s.toml", "--budget", "2s"}).exit_code, 3) << program_.err();
  EXPECT_LT(Clock::now() - begun, std::chrono::seconds(20));
  bool has_event = false;
  for (const store::EventRecord& event :
       store::Query(program_ / "epochal-store").events(only_run().id)) {
    has_event = has_event || event.text.find("the time was up") != std::string::npos;
  }
  EXPECT_TRUE(has_event);
  expect_interrupted_and_resumable();
}

}  // namespace
}  // namespace epochal::test

// A sweep on a real Slurm, which scripts/slurm-test starts: SLURM_CONF names it.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <sstream>
#include <thread>

#include "framework/system/program_output.h"
#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

using namespace std::chrono_literals;

const std::string kSweep =
    "name = \"s\"\nexperiment = \"noop\"\nepochs = 3\nseeds = [0, 1]\n"
    "[sweep.grid]\nlearning_rate = [0.1, 0.2]\n";

class Slurm : public ProgramTest {
 protected:
  void SetUp() override {
    if (std::getenv("SLURM_CONF") == nullptr) GTEST_SKIP() << "run it with scripts/slurm-test";
    write_file(program_ / "s.toml", kSweep);
  }

  Finished run(std::vector<std::string> words) {
    words.insert(words.begin(), {"run", "s.toml"});
    return program_.run(words);
  }

  /// Runs s.toml on Slurm and asks it to stop once an epoch is done.
  void cancel_after_an_epoch(std::vector<std::string> words) {
    words.insert(words.begin(), {"run", "s.toml", "--executor", "slurm"});
    const pid_t pid = program_.start(words);
    ASSERT_TRUE(wait_until([&] { return has_store() && query().health().epochs > 0; }, 60s));
    kill(pid, SIGINT);
    EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  }
};

TEST_F(Slurm, GivesTheSameNumbersAsLocalWorkers) {
  const Finished finished = run({"--executor", "slurm"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  expect_in(finished.err, "4 finished, 0 failed, 0 left");
  EXPECT_EQ(run({"--store", "local", "--jobs", "2"}).exit_code, 0);
  EXPECT_EQ(metrics("epochal-store"), metrics("local"));
  EXPECT_TRUE(query().health().is_sound());
  EXPECT_TRUE(query().open_cluster_jobs().empty());
}

TEST_F(Slurm, ShowsWhatIsPendingAndCollectsItLater) {
  EXPECT_EQ(run({"--executor", "slurm", "--detach", "sleep=0.3"}).exit_code, 3);
  const std::string listed = program_.run({"ls"}).out;
  EXPECT_NE(listed.find("(slurm "), std::string::npos) << listed;
  expect_in(run({"sleep=0.3"}).err, "Slurm has 4 of them");
  EXPECT_TRUE(wait_until(
      [&] {
        program_.run({"merge"});
        return query().open_cluster_jobs().empty();
      },
      60s));
  EXPECT_EQ(run({"sleep=0.3"}).exit_code, 0);
}

TEST_F(Slurm, CancelledTasksStopPolitelyAndGoOnLater) {
  ASSERT_NO_FATAL_FAILURE(cancel_after_an_epoch({"sleep=0.5", "epochs=12"}));
  for (const store::RunRecord& record : query().runs()) {
    EXPECT_TRUE(record.status == store::RunStatus::interrupted ||
                record.status == store::RunStatus::queued)
        << name_of(record.status);
  }
  EXPECT_EQ(run({"--executor", "slurm", "sleep=0", "epochs=12"}).exit_code, 0);
  EXPECT_EQ(run({"--executor", "slurm", "sleep=0.5", "epochs=12"}).exit_code, 0);
}

TEST_F(Slurm, ARunThatRunsOutOfTimeIsRequeuedAndEndsWithTheSameBits) {
  const std::vector<std::string> words{
      "run",          "s.toml",         "--executor",        "slurm",
      "seeds=[0]",    "sleep=2",        "learning_rate=0.1", "epochs=25",
      "slurm.time=1", "slurm.signal=30"};
  const pid_t pid = program_.start(words);
  // Slurm may send its signal up to a minute early, so nothing is said here about when the first
  // attempt ends. It holds requeued tasks back for two minutes, which a test need not wait for.
  std::atomic<bool> is_over = false;
  std::thread impatient([&] {
    std::map<std::string, int> looks;
    for (; !is_over; std::this_thread::sleep_for(1s)) {
      try {
        std::istringstream queue(
            output_of({"squeue", "--noheader", "--array", "--format=%A %T %r"}));
        for (std::string job, state, reason; queue >> job >> state >> reason;) {
          // It is shown as pending while its process still ends, and Slurm loses a task that is
          // told to start then.
          const bool is_held = state == "PENDING" && reason == "BeginTime";
          looks[job] = is_held ? looks[job] + 1 : 0;
          if (looks[job] == 10) {
            output_of({"scontrol", "update", "JobId=" + job, "StartTime=now"});
          }
        }
      } catch (const Error&) {  // it has just started
      }
    }
  });
  const int exit_code = exit_code_of(pid);
  is_over = true;
  impatient.join();
  EXPECT_EQ(exit_code, 0) << program_.err();
  const store::RunRecord record = query().runs().at(0);
  EXPECT_EQ(record.status, store::RunStatus::finished);
  const std::vector<store::AttemptRecord> attempts = query().attempts(record.id);
  ASSERT_GE(attempts.size(), 2u) << "it was never requeued";
  EXPECT_EQ(attempts.front().end_reason, "interrupted");

  const Finished local =
      run({"--store", "local", "seeds=[0]", "sleep=0", "learning_rate=0.1", "epochs=25"});
  EXPECT_EQ(local.exit_code, 0);
  EXPECT_EQ(metrics("epochal-store").begin()->second, metrics("local").begin()->second);
}

TEST_F(Slurm, AProgramThatIsCancelledGoesOnWithTheSameBitsAsWithLocalWorkers) {
  program_.environment["PYTHONPATH"] = EPOCHAL_SOURCE_FOLDER "/clients/python";
  std::filesystem::copy_file(EPOCHAL_SOURCE_FOLDER "/tests/programs/train.py",
                             program_ / "train.py");
  write_file(program_ / "s.toml", R"(name = "s"
experiment = "command"
epochs = 8
seeds = [0, 1]
[command]
run = ["python3", "train.py"]
inputs = ["train.py"]
[command.parameters]
learning_rate = { default = 0.1 }
sleep = { default = 0.0, role = "resource" }
)");
  ASSERT_NO_FATAL_FAILURE(cancel_after_an_epoch({"sleep=1"}));
  const Finished finished = run({"--executor", "slurm", "sleep=0"});
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  EXPECT_EQ(run({"--store", "local"}).exit_code, 0);
  EXPECT_EQ(metrics("epochal-store"), metrics("local"));
  EXPECT_EQ(metrics("local").begin()->second.size(), 8u);
  const store::Query records = query();
  const auto has_gone_on = [&](const store::RunRecord& record) {
    return records.attempts(record.id).size() > 1;
  };
  const std::vector<store::RunRecord> runs = records.runs();
  EXPECT_TRUE(std::any_of(runs.begin(), runs.end(), has_gone_on)) << "nothing was interrupted";
}

TEST_F(Slurm, SaysWhatSlurmDidNotTake) {
  const Finished finished = run({"--executor", "slurm", "slurm.partition=nowhere"});
  EXPECT_EQ(finished.exit_code, 2);
  expect_in(finished.err, "sbatch failed");
  expect_in(finished.err, "partition");
  EXPECT_EQ(run({}).exit_code, 0) << "nothing is left in the way";
}

}  // namespace
}  // namespace epochal::test

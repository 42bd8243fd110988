// `epochal run` with several worker processes: sharing, crashes, retries and stop rules.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

const std::string kHead = "name = \"s\"\nexperiment = \"noop\"\nepochs = 3\n";

class LocalWorkers : public ProgramTest {
 protected:
  Finished run(const std::string& sweep, std::vector<std::string> options = {}) {
    write_file(program_ / "s.toml", kHead + sweep);
    options.insert(options.begin(), {"run", "s.toml"});
    return program_.run(options);
  }

  std::set<std::int64_t> pids() const {
    std::set<std::int64_t> pids;
    for (const store::RunRecord& run : query().runs()) {
      for (const store::AttemptRecord& attempt : query().attempts(run.id))
        pids.insert(attempt.process.pid);
    }
    return pids;
  }

  std::vector<std::string> events_of(const store::RunRecord& run) const {
    std::vector<std::string> kinds;
    for (const store::EventRecord& event : query().events(run.id)) kinds.push_back(event.kind);
    return kinds;
  }
};

TEST_F(LocalWorkers, OneWorkerDoesItsRunsInTurn) {
  EXPECT_EQ(run("[sweep.grid]\ndataset_size = [1, 2, 3, 4]\n").exit_code, 0);
  EXPECT_EQ(pids().size(), 1u);
  for (const store::RunRecord& record : query().runs()) {
    const std::vector<store::ArtifactRecord> artifacts = query().artifacts(record.id);
    const auto log = std::find_if(artifacts.begin(), artifacts.end(), [](const auto& artifact) {
      return artifact.kind == store::ArtifactRecord::Kind::log;
    });
    ASSERT_NE(log, artifacts.end());
    const std::string text = read_file(program_ / "epochal-store" / log->path);
    EXPECT_NE(text.find("epoch 3 of 3 done"), std::string::npos) << "each has a log of its own";
    EXPECT_EQ(text.find("epoch 3 of 3 done"), text.rfind("epoch 3 of 3 done"));
  }
}

TEST_F(LocalWorkers, ACrashCostsOneRun) {
  const Finished finished = run("[sweep.grid]\ncrash_at = [-1, 2, -1]\ndataset_size = [1, 2]\n");
  EXPECT_EQ(finished.exit_code, 1);
  expect_in(finished.err, "2 finished, 2 failed, 0 left");
}

TEST_F(LocalWorkers, ShareTheMachine) {
  EXPECT_EQ(
      run("[sweep.grid]\ndataset_size = [1, 2, 3, 4]\nsleep = [0.05]\n", {"--jobs", "2"}).exit_code,
      0);
  EXPECT_EQ(pids().size(), 2u);
  EXPECT_EQ(run("seeds = [1]\n", {"--jobs", "auto"}).exit_code, 0);
  expect_refusal(run("", {"--jobs", "many"}), "--jobs");
}

TEST_F(LocalWorkers, RetriesFailedRuns) {
  const Finished finished = run("[params]\nfail_at = 2\n", {"--retry", "2"});
  EXPECT_EQ(finished.exit_code, 1);
  const store::RunRecord record = query().runs().front();
  EXPECT_EQ(query().attempts(record.id).size(), 3u);
  EXPECT_EQ(events_of(record), (std::vector<std::string>{"retry", "retry"}));
}

TEST_F(LocalWorkers, SetsARunAsideThatCrashesTwice) {
  EXPECT_EQ(run("[params]\ncrash_at = 2\n", {"--retry", "9"}).exit_code, 1);
  const store::RunRecord record = query().runs().front();
  EXPECT_EQ(query().attempts(record.id).size(), 2u);
  EXPECT_EQ(events_of(record).back(), "set aside");
  EXPECT_EQ(record.status, store::RunStatus::failed);
}

TEST_F(LocalWorkers, StopWhatDoesNotPay) {
  const std::string sweep = "[sweep.grid]\nlearning_rate = [0.9, 0.001]\n";
  const std::string rule = "[stop]\nmetric = \"val.loss\"\nmedian = { warmup = 2, runs = 1 }\n";
  const Finished finished = run(sweep + rule);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  expect_in(finished.err, "1 finished, 1 stopped early, 0 failed, 0 left");
  const store::RunRecord slow = query().runs().back();
  EXPECT_EQ(slow.status, store::RunStatus::stopped);
  EXPECT_EQ(slow.epochs_done, 2);
  EXPECT_EQ(events_of(slow), std::vector<std::string>{"stopped"});

  EXPECT_NE(run(sweep + rule).err.find("0 to do"), std::string::npos) << "it stays stopped";
  EXPECT_EQ(run(sweep).exit_code, 0);
  EXPECT_EQ(query().runs().back().status, store::RunStatus::finished)
      << "without a rule it goes on";
}

TEST_F(LocalWorkers, RefusesRulesThatMeanNothing) {
  const auto message = [&](const std::string& rule) { return run("[stop]\n" + rule).err; };
  expect_in(message("patiense = 3\n"), "did you mean 'patience'");
  expect_in(message("good = 3\n"), "no rule");
  expect_in(message("asha = { factor = 1 }\n"), "factor must be");
  expect_in(message("patience = 3\nwithin = \"dataset_siez\"\n"), "dataset_size");
  expect_in(message("patience = 2\nmetric = \"val.accuracy\"\n"),
            "[stop] uses 'val.accuracy', which the experiment does not measure");
  expect_in(message("patience = 2\nmode = \"max\"\n"), "lower values are better");
}

}  // namespace
}  // namespace epochal::test

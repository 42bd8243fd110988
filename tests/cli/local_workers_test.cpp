// `epochal run` with several worker processes: sharing, crashes, retries and stop rules.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "db/query.h"
#include "tests/cli/program.h"

namespace epochal {
namespace {

using test::Finished;
using test::Program;

const std::string kHead = "name = \"s\"\nexperiment = \"noop\"\nepochs = 3\n";

class LocalWorkers : public testing::Test {
 protected:
  Finished run(const std::string& sweep, std::vector<std::string> options = {}) {
    test::write_file(program_ / "s.toml", kHead + sweep);
    options.insert(options.begin(), {"run", "s.toml"});
    return program_.run(options);
  }

  store::Query query() const { return store::Query(program_ / "epochal-store"); }

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

  Program program_;
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
    const std::string text = test::read_file(program_ / "epochal-store" / log->path);
    EXPECT_NE(text.find("epoch 3 of 3 done"), std::string::npos) << "each has a log of its own";
    EXPECT_EQ(text.find("epoch 3 of 3 done"), text.rfind("epoch 3 of 3 done"));
  }
}

TEST_F(LocalWorkers, ACrashCostsOneRun) {
  const Finished finished = run("[sweep.grid]\ncrash_at = [-1, 2, -1]\ndataset_size = [1, 2]\n");
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_NE(finished.err.find("2 finished, 2 failed, 0 left"), std::string::npos) << finished.err;
}

TEST_F(LocalWorkers, ShareTheMachine) {
  EXPECT_EQ(
      run("[sweep.grid]\ndataset_size = [1, 2, 3, 4]\nsleep = [0.05]\n", {"--jobs", "2"}).exit_code,
      0);
  EXPECT_EQ(pids().size(), 2u);
  EXPECT_EQ(run("seeds = [1]\n", {"--jobs", "auto"}).exit_code, 0);
  const Finished wrong = run("", {"--jobs", "many"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_NE(wrong.err.find("--jobs"), std::string::npos);
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
  EXPECT_NE(finished.err.find("1 finished, 1 stopped early, 0 failed, 0 left"), std::string::npos)
      << finished.err;
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
  EXPECT_NE(message("patiense = 3\n").find("did you mean 'patience'"), std::string::npos);
  EXPECT_NE(message("good = 3\n").find("no rule"), std::string::npos);
  EXPECT_NE(message("asha = { factor = 1 }\n").find("factor must be"), std::string::npos);
  EXPECT_NE(message("patience = 3\nwithin = \"dataset_siez\"\n").find("dataset_size"),
            std::string::npos);
  EXPECT_NE(message("patience = 2\nmetric = \"val.accuracy\"\n")
                .find("[stop] uses 'val.accuracy', which the experiment does not measure"),
            std::string::npos);
  EXPECT_NE(message("patience = 2\nmode = \"max\"\n").find("lower values are better"),
            std::string::npos);
}

}  // namespace
}  // namespace epochal

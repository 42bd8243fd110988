// Sweeps as a user runs them, with the experiment that trains nothing.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kSmallSweep[] = R"(name = "try"
experiment = "noop"
epochs = 3
[sweep.grid]
dataset_size = [100, 1000, 10000]
[report]
compare_by = "dataset_size"
)";

class Cli : public ProgramTest {
 protected:
  Cli() { write_file(program_ / "try.toml", kSmallSweep); }

  Finished sweep(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"run", "try.toml"});
    return program_.run(arguments);
  }
};

TEST_F(Cli, RunsASweepAndSkipsWhatIsFinished) {
  const Finished first = sweep();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  expect_in(first.err, "3 finished, 0 failed, 0 left");
  EXPECT_EQ(query().runs().size(), 3u);

  const Finished second = sweep();
  EXPECT_EQ(second.exit_code, 0);
  expect_in(second.err, "3 runs, 0 to do, 3 finished before");
  EXPECT_EQ(query().attempts(query().runs()[0].id).size(), 1u);
}

TEST_F(Cli, MergesMoreStoresThanItMayHaveOpenFiles) {
  sweep();
  std::string shards;
  for (int i = 0; i < 40; ++i) {
    const std::string shard = "shard-" + std::to_string(i);
    std::filesystem::copy(program_ / "epochal-store", program_ / shard,
                          std::filesystem::copy_options::recursive);
    shards += " " + shard;
  }
  const std::string merge = program_.executable + " merge --store all" + shards;
  program_.executable = "/bin/sh";
  const Finished merged = succeed({"-c", "ulimit -n 48; exec " + merge});
  expect_in(merged.err, "shard-0: 3 runs added, 0 updated, 0 were here");
  expect_in(merged.err, "shard-39: 0 runs added, 0 updated, 3 were here");
}

TEST_F(Cli, JobsChangeNothingInTheRecords) {
  sweep();
  const auto expected = query().epochs(query().runs()[1].id);
  std::filesystem::remove_all(program_ / "epochal-store");
  EXPECT_EQ(sweep({"--jobs", "3"}).exit_code, 0);
  EXPECT_EQ(query().epochs(query().runs()[1].id)[2].metrics, expected[2].metrics);
}

TEST_F(Cli, RunsInline) {
  EXPECT_EQ(sweep({"--executor", "inline"}).exit_code, 0);
  EXPECT_EQ(query().runs()[2].status, store::RunStatus::finished);
}

TEST_F(Cli, MoreEpochsGoOn) {
  sweep();
  EXPECT_EQ(sweep({"epochs=5"}).exit_code, 0);
  const store::RunRecord run = query().runs()[0];
  EXPECT_EQ(run.epochs_done, 5);
  EXPECT_EQ(query().runs().size(), 3u);
  EXPECT_EQ(query().attempts(run.id).back().first_epoch, 4);
}

constexpr char kArms[] = R"(name = "arms"
experiment = "noop"
seeds = [0, 1]
[[sweep.list]]
dataset_size = 100
epochs = 2
[[sweep.list]]
dataset_size = 100
steps = 35
)";

TEST_F(Cli, RunsOfDifferentLengthsAreToldApart) {
  write_file(program_ / "try.toml", kArms);
  const Finished dry = sweep({"--dry-run"});
  expect_in(dry.out, "steps");
  expect_in(dry.out, "4 runs; nothing was started");

  EXPECT_EQ(sweep().exit_code, 0);
  expect_in(sweep().err, "4 runs, 0 to do, 4 finished before");
  const Finished list =
      run({"ls", "--format", "csv", "--columns",
           "params.epochs,params.steps,total_steps,total_images,val.loss.best_step"});
  expect_in(list.out, "\n2,,20,200,20\n");
  expect_in(list.out, "\n4,35,35,350,35\n");
  const std::vector<store::EpochRecord> epochs = query().epochs(query().runs().back().id);
  ASSERT_EQ(epochs.size(), 4U);
  EXPECT_EQ(epochs.back().steps, 5);
  EXPECT_EQ(epochs.back().samples, 50);
  expect_in(run({"ls", "--where", "val.loss.best_step = 35 and total_images > 300", "--format",
                 "csv", "--columns", "val.loss.best_images"})
                .out,
            "\n350\n350\n");
  const Finished early = run({"best", "--at-step", "20"});
  expect_in(early.out, "at_step");
  EXPECT_EQ(early.err, "") << "all have come to step 20";
  expect_in(run({"best", "--at-images", "350"}).err,
            "2 runs without val.loss at this point left out");
  EXPECT_EQ(run({"best", "--at-step", "2e1"}).out, early.out);
  EXPECT_EQ(run({"best", "--at-step", "3000000000"}).exit_code, 0);
  expect_in(run({"best", "--at-step", "2.5"}).err,
            "--at-step must be a whole number from 1 to 1e15, not '2.5'");
  succeed({"reproduce", query().runs().back().short_identity()});
  EXPECT_EQ(run({"export", "--to", "csv", "csv"}).exit_code, 0);
  expect_in(read_file(program_ / "csv" / "validation_samples.csv"),
            "run,epoch,metric,sample,value,validation_set\n");
  EXPECT_EQ(run({"import", "--from", "csv", "csv", "--store", "other"}).exit_code, 0);
  EXPECT_EQ(run({"export", "--to", "json", "json"}).exit_code, 0);
  expect_in(read_file(program_ / "json" / "runs.json"), "\"validation_samples\":[{\"epoch\":1,");
  EXPECT_EQ(run({"report", "try.toml", "-o", "report"}).exit_code, 0);
  EXPECT_EQ(run({"forecast", "try.toml"}).exit_code, 0);
}

TEST_F(Cli, AShortLastEpochIsResumedExactly) {
  write_file(program_ / "try.toml", "name='t'\nexperiment='noop'\nsteps=35\n");
  EXPECT_EQ(sweep().exit_code, 0);
  const store::RunRecord whole = query().runs().front();
  const Metrics expected = query().epochs(whole.id).back().metrics;
  // As if the machine had gone down in the last epoch.
  store::Store store(program_ / "epochal-store");
  for (const char* lost :
       {"delete from artifact where epoch = 4", "delete from epoch where number = 4",
        "update run set status = 'interrupted', epochs_done = 3"}) {
    store.connection().database().exec(lost);
  }
  EXPECT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(query().runs().size(), 1U);
  EXPECT_EQ(query().attempts(whole.id).back().first_epoch, 4);
  EXPECT_EQ(query().epochs(whole.id).back().steps, 5);
  EXPECT_EQ(query().epochs(whole.id).back().metrics, expected);
  // Another number of steps is another run.
  EXPECT_EQ(sweep({"steps=36"}).exit_code, 0);
  EXPECT_EQ(query().runs().size(), 2U);
}

TEST_F(Cli, SeedsMayDecideParameters) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='noop'\nseeds=[1, 2]\n[params]\ndataset_size='100 * seed'\n"
             "[sweep.grid]\nlearning_rate=[0.1, 0.5]\n");
  EXPECT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(query().runs().at(1).parameters.integer("dataset_size"), 200);
  const Finished list = run({"ls"});
  expect_in(list.out, "2 seeds");
  expect_not_in(list.out, "dataset_size");
  EXPECT_EQ(run({"report", "try.toml", "-o", "report"}).exit_code, 0);
  expect_not_in(read_file(program_ / "report" / "report.md"), "dataset_size 100, learning_rate");
}

TEST_F(Cli, ProgramsHaveNoSteps) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='command'\nsteps=35\n[command]\nrun=['true']\n");
  expect_refusal(sweep(), "does not say it; use epochs");
}

TEST_F(Cli, DryRunStartsNothing) {
  const Finished dry = sweep({"--dry-run", "learning_rate=[0.1, 0.2]"});
  EXPECT_EQ(dry.exit_code, 0);
  expect_in(dry.out, "6 runs; nothing was started");
  expect_in(dry.out, "learning_rate");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
}

TEST_F(Cli, AFailedRunDoesNotStopTheOthers) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='noop'\nepochs=3\n"
             "[sweep.grid]\nfail_at=[2, 0, -1]\n");
  const Finished first = sweep();
  EXPECT_EQ(first.exit_code, 1);
  expect_in(first.err, "1 finished, 2 failed, 0 left");

  const Finished list = run({"ls"});
  expect_in(list.out, "failed: the experiment was told to fail at epoch 2");
  const std::string failed = query().runs()[0].short_identity();
  expect_in(run({"show", failed}).out, "told to fail at epoch 2");

  expect_in(sweep().err, "2 failed earlier and were not retried");
  const Finished retried = sweep({"--retry-failed"});
  EXPECT_EQ(retried.exit_code, 1);
  EXPECT_EQ(query().attempts(query().runs()[0].id).size(), 2u);
  EXPECT_EQ(query().runs()[0].epochs_done, 1);
  EXPECT_EQ(query().epochs(query().runs()[0].id).at(0).number, 1);

  const Timestamp before = query().epochs(query().runs()[0].id).at(0).started_at;
  EXPECT_EQ(sweep({"--restart-failed"}).exit_code, 1);
  EXPECT_GT(query().epochs(query().runs()[0].id).at(0).started_at, before)
      << "its first epoch was done again";
  expect_in(sweep({"--restart-failed", "--retry-failed"}).err, "cannot be used together");
}

TEST_F(Cli, FailFastLeavesTheRestForLater) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='noop'\nepochs=3\n"
             "[sweep.grid]\nfail_at=[2, -1]\ndataset_size=[1, 2]\n");
  const Finished first = sweep({"--fail-fast"});
  EXPECT_EQ(first.exit_code, 3);
  expect_in(first.err, "0 finished, 1 failed, 3 left");
  expect_in(sweep().err, "2 finished, 2 failed, 0 left");
}

TEST_F(Cli, ACrashCostsOneRun) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='noop'\nepochs=3\n"
             "[sweep.grid]\ncrash_at=[2, -1]\n");
  const Finished crashed = sweep();
  EXPECT_EQ(crashed.exit_code, 1);
  const auto runs = query().runs();
  EXPECT_EQ(runs[0].status, store::RunStatus::failed);
#ifndef __SANITIZE_ADDRESS__  // the sanitizer reports the signal and exits instead of dying of it
  expect_in(runs[0].error, "died of signal 11");
#endif
  EXPECT_EQ(runs[0].epochs_done, 1);
  EXPECT_EQ(runs[1].status, store::RunStatus::finished);
}

TEST_F(Cli, ListsAndShows) {
  sweep();
  const Finished list = succeed({"ls"});
  for (const char* part : {"dataset_size", "val.loss", "3/3", "finished", "10000"}) {
    expect_in(list.out, part);
  }
  const Finished shown = succeed({"show", query().runs()[0].identity.substr(0, 6)});
  for (const char* part : {"noop version 1", "epochs 1 to 3: finished", "train.loss",
                           "learning rate", "checkpoint-0003", "dataset_size", "100"}) {
    expect_in(shown.out, part);
  }
}

TEST_F(Cli, ListsDivergedRunsAsSuch) {
  sweep({"diverge_at=2"});
  expect_in(run({"ls"}).out, "nan");
}

TEST_F(Cli, WritesAReport) {
  sweep();
  const Finished report = succeed({"report", "try.toml", "-o", "out"});
  EXPECT_EQ(report.out, "out/index.html\n");
  const std::string page = read_file(program_ / "out/index.html");
  expect_in(page, "dataset_size 10000");
  expect_in(page, "finished, 3 epochs");
  expect_in(page, "pretended number of samples");
  EXPECT_TRUE(std::filesystem::exists(program_ / "out/report.md"));
}

TEST_F(Cli, ReportsASweepRunWithOverrides) {
  sweep({"learning_rate=0.3"});
  const Finished exact = succeed({"report", "try.toml", "learning_rate=0.3", "-o", "out"});
  EXPECT_EQ(exact.err, "");
  const Finished guessed = succeed({"report", "try.toml", "-o", "out"});
  expect_in(guessed.err, "as recorded last (with learning_rate=0.3)");
  expect_in(read_file(program_ / "out/report.md"), "learning_rate=0.3");
  expect_refused({"report", "try.toml", "learning_rate=0.7", "-o", "out"},
                 "this store has no run of the sweep");
}

TEST_F(Cli, AnInterruptedSweepGoesOn) {
  const pid_t pid = program_.start({"run", "try.toml", "sleep=0.3"});
  ASSERT_TRUE(wait_until([&] { return has_worker(); }));
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  expect_in(program_.err(), "run the same command again");
  EXPECT_EQ(query().runs()[0].status, store::RunStatus::interrupted);

  EXPECT_EQ(sweep({"sleep=0.3"}).exit_code, 0);
  for (const store::RunRecord& run : query().runs()) EXPECT_EQ(run.epochs_done, 3);
  EXPECT_EQ(query().attempts(query().runs()[0].id).size(), 2u);
}

TEST_F(Cli, KilledWorkersAreNoticedAndGoOnToTheSameNumbers) {
  write_file(program_ / "try.toml",
             "name='t'\nexperiment='noop'\nepochs=6\n"
             "[params]\nsleep=0.1\n");
  sweep({"--store", "whole"});
  const store::Query whole(program_ / "whole");
  const auto expected = whole.epochs(whole.runs()[0].id);

  for (int round = 0; round < 3; ++round) {
    const pid_t pid = program_.start({"run", "try.toml"});
    std::this_thread::sleep_for(std::chrono::milliseconds(170 + 60 * round));
    const bool had_worker = has_worker();
    kill(pid, SIGKILL);
    if (had_worker) kill_workers();
    waitpid(pid, nullptr, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto shows_running = [&] { return run({"ls"}).out.find("running") != std::string::npos; };
    if (!had_worker) {
      // One may just have been starting: it stops by itself once it misses its parent.
      EXPECT_TRUE(test::wait_until([&] { return !shows_running(); }));
    } else {
      EXPECT_FALSE(shows_running()) << "a dead worker";
    }
  }
  EXPECT_EQ(sweep().exit_code, 0);
  const auto found = query().epochs(query().runs()[0].id);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].number, expected[i].number);
    EXPECT_EQ(found[i].metrics, expected[i].metrics);
  }
}

TEST_F(Cli, TwoProcessesShareASweep) {
  const std::vector<std::string> arguments{"run", "try.toml", "sleep=0.05"};
  const pid_t first = program_.start(arguments);
  const pid_t second = program_.start(arguments);
  EXPECT_EQ(exit_code_of(first), 0) << program_.err();
  EXPECT_EQ(exit_code_of(second), 0) << program_.err();
  ASSERT_EQ(query().runs().size(), 3u);
  for (const store::RunRecord& run : query().runs()) {
    EXPECT_EQ(run.epochs_done, 3);
    EXPECT_EQ(query().attempts(run.id).size(), 1u);
  }
}

TEST_F(Cli, ListsExperimentsAndTheirParameters) {
  expect_in(run({"experiments"}).out, "noop");
  const Finished shown = succeed({"experiments", "show", "noop"});
  expect_in(shown.out, "epoch at which it crashes");
}

TEST_F(Cli, LetsWaitingThreadsGiveUpTheirCoreUnlessTheUserSaysHow) {
  const auto environment_of = [&](const std::string& size) {
    EXPECT_EQ(run({"run", "try.toml", "dataset_size=" + size}).exit_code, 0);
    const store::RunRecord record = query().runs().back();
    return query().attempts(record.id).back().provenance.environment;
  };
  program_.environment = {{"OMP_WAIT_POLICY", ""}, {"GOMP_SPINCOUNT", ""}};
  EXPECT_EQ(environment_of("1").at("GOMP_SPINCOUNT"), "10000");
  program_.environment = {{"OMP_WAIT_POLICY", "active"}, {"GOMP_SPINCOUNT", ""}};
  EXPECT_FALSE(environment_of("2").contains("GOMP_SPINCOUNT"));
  program_.environment = {{"OMP_WAIT_POLICY", ""}, {"GOMP_SPINCOUNT", "7"}};
  EXPECT_EQ(environment_of("3").at("GOMP_SPINCOUNT"), "7");
}

TEST_F(Cli, SaysHowFarARunIs) {
  write_file(program_ / "slow.toml", "name = 'slow'\nexperiment = 'noop'\n[params]\nsleep = 3\n");
  const pid_t sweep = program_.start({"run", "slow.toml"});
  Program viewer;
  const std::string store = (program_ / "epochal-store").string();
  EXPECT_TRUE(wait_until([&] {
    if (!has_epochs(0)) return false;
    const Finished shown = viewer.run({"show", only_run().short_identity(), "--store", store});
    return shown.out.find("running, epoch 1: ") != std::string::npos;
  }));
  const Finished watched =
      viewer.run({"watch", (program_ / "slow.toml").string(), "--store", store});
  EXPECT_EQ(watched.exit_code, 0) << watched.err;
  expect_in(watched.err, "1 of 1 runs done");
  EXPECT_EQ(exit_code_of(sweep), 0);
  expect_refusal(
      viewer.run({"watch", (program_ / "slow.toml").string(), "slep=3", "--store", store}),
      "this store has no run of the sweep");
  expect_refusal(viewer.run({"watch", "none", "--store", store}), "no sweep 'none'");
}

TEST_F(Cli, DoctorChecksMachinePluginsAndStore) {
  sweep();
  const Finished doctor = succeed({"doctor"});
  for (const char* part : {"cores", "gnuplot", "noop version 1", "3 runs, 9 epochs, sound"}) {
    expect_in(doctor.out, part);
  }
}

TEST_F(Cli, HelpIsThereForEveryCommand) {
  const Finished help = succeed({"--help"});
  for (const char* command :
       {"run",    "ask",     "tell",        "forecast", "watch",      "reproduce", "ls",
        "show",   "compare", "diff",        "best",     "report",     "log",       "open",
        "sql",    "tag",     "note",        "rm",       "gc",         "du",        "merge",
        "export", "import",  "experiments", "doctor",   "completion", "man"}) {
    expect_in(help.out, std::string("\n  ") + command + " ");
    const Finished one = succeed({command, "--help"});
    expect_in(one.out, std::string("usage: epochal ") + command);
  }
  EXPECT_EQ(run({}).exit_code, 2);
  expect_in(run({"--version"}).out, "epochal 0.");
}

}  // namespace
}  // namespace epochal::test

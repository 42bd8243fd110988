// Several launchers, and people who tidy up, on one store at once.

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class SharedStore : public ProgramTest {
 protected:
  void write_sweep(int epochs, const std::string& seeds) {
    write_file(program_ / "s.toml",
               "name = 's'\nexperiment = 'noop'\nepochs = " + std::to_string(epochs) +
                   "\nseeds = " + seeds + "\n[params]\nsleep = 0.1\n");
  }

  bool is_running(std::size_t index) {
    if (!has_store()) return false;
    const std::vector<store::RunRecord> runs = query().runs();
    return runs.size() > index && runs[index].status == store::RunStatus::running;
  }

  void expect_all_done_once(int epochs) {
    EXPECT_FALSE(query().runs().empty());
    for (const store::RunRecord& run : query().runs()) {
      EXPECT_EQ(run.status, store::RunStatus::finished) << run.error;
      EXPECT_EQ(run.epochs_done, epochs);
      const std::vector<store::AttemptRecord> attempts = query().attempts(run.id);
      ASSERT_EQ(attempts.size(), 1u);
      EXPECT_EQ(attempts[0].end_reason, "finished");
    }
  }
};

TEST_F(SharedStore, TwoLaunchersShareASweep) {
  write_sweep(6, "[0, 1, 2, 3]");
  const pid_t first = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(0); }));
  const pid_t second = program_.start({"run", "s.toml"});
  EXPECT_EQ(exit_code_of(first), 0);
  EXPECT_EQ(exit_code_of(second), 0) << program_.err();
  expect_all_done_once(6);
}

TEST_F(SharedStore, MoreEpochsOfARunInProgressAreDoneByTheCommandThatAsks) {
  program_.environment["PYTHONPATH"] = EPOCHAL_SOURCE_FOLDER "/clients/python";
  write_file(program_ / "train.py",
             "import os, time\nimport epochal\nrun = epochal.init()\n"
             "for epoch in run.epochs():\n"
             "    while epoch == 2 and not os.path.exists('go'):\n        time.sleep(0.02)\n"
             "    run.log({'loss': 1 / epoch})\n"
             "    run.save(lambda folder: (folder / 'state').write_text('1'))\n");
  write_file(program_ / "s.toml",
             "name = 's'\nexperiment = 'command'\nepochs = 4\n"
             "[command]\nrun = ['python3', 'train.py']\n");
  const Finished both = program_.shell(
      "until_said() { timeout 60 sh -c \"until grep -qs '$1' $2; do sleep 0.02; done\"; }\n"
      "epochal run s.toml 2> first & first=$!; until_said 'epoch 1/4' first\n"
      "epochal run s.toml epochs=6 2> second & second=$!; until_said 'waiting for it' second\n"
      "touch go; wait $second; echo $?; wait $first; echo $?");
  const std::string first = read_file(program_ / "first");
  const std::string second = read_file(program_ / "second");
  EXPECT_EQ(both.out, "0\n0\n") << first << second;
  expect_in(first, "epoch 4/4");
  expect_in(first, "1 finished, 0 failed, 0 left");
  expect_not_in(first, "/6");
  expect_in(second, "waiting for it");
  expect_in(second, "1 finished, 0 failed, 0 left");
  EXPECT_EQ(query().runs().at(0).status, store::RunStatus::finished);
  EXPECT_EQ(query().runs().at(0).epochs_done, 6);
  EXPECT_EQ(query().attempts(query().runs().at(0).id).size(), 2u);
}

TEST_F(SharedStore, ARunInProgressThatKeepsNoStateIsNotLengthened) {
  write_file(program_ / "train",
             "for e in 1 2; do echo \"{\\\"epoch\\\": $e}\" >&3; done\n"
             "while test ! -e go; do sleep 0.05; done\necho '{\"epoch\": 3}' >&3\n");
  write_file(program_ / "s.toml",
             "name = 's'\nexperiment = 'command'\nepochs = 3\n[command]\nrun = ['sh', 'train']\n");
  const pid_t first = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(0) && query().runs().at(0).epochs_done == 2; }));
  // Both write to one file: the first must have said all that it says before the second speaks.
  ASSERT_TRUE(wait_until([&] { return program_.err().find("epoch 2/3") != std::string::npos; }));
  expect_refused({"run", "s.toml", "epochs=5"},
                 "keeps no state: for 5 epochs it would start again and lose them");
  write_file(program_ / "go", "");
  EXPECT_EQ(exit_code_of(first), 0);
  EXPECT_EQ(query().runs().at(0).status, store::RunStatus::finished);
}

TEST_F(SharedStore, AnOlderRecordThatLacksEpochsIsContinued) {
  write_sweep(2, "[0]");
  ASSERT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
  change_store("update run set epochs = 3");
  EXPECT_EQ(program_.run({"run", "s.toml", "epochs=3"}).exit_code, 0);
  EXPECT_EQ(query().runs().at(0).epochs_done, 3);
}

TEST_F(SharedStore, ALauncherTakesWhatAKilledOneLeaves) {
  write_sweep(8, "[0, 1]");
  const pid_t first = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(0); }));
  const pid_t second = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(1); }));
  kill(-first, SIGKILL);
  exit_code_of(first);
  EXPECT_EQ(exit_code_of(second), 0) << program_.err();
  for (const store::RunRecord& run : query().runs()) {
    EXPECT_EQ(run.status, store::RunStatus::finished) << run.error;
    EXPECT_EQ(run.epochs_done, 8);
  }
}

TEST_F(SharedStore, AnotherContainerIsLeftAlone) {
  if (std::system("unshare --pid --fork --mount-proc true 2>/dev/null") != 0) {
    GTEST_SKIP() << "no container can be made here";
  }
  write_sweep(10, "[0]");
  const std::string inside = "cd " + program_.folder().string() +
                             " && unshare --pid --fork --mount-proc " + program_.executable +
                             " run s.toml 2>/dev/null & echo $! > " + program_.folder().string() +
                             "/pid";
  ASSERT_EQ(std::system(inside.c_str()), 0);
  ASSERT_TRUE(wait_until([&] { return is_running(0); }));
  const Finished outside = succeed({"run", "s.toml"});
  expect_in(outside.err, "waiting for it");
  expect_all_done_once(10);
}

TEST_F(SharedStore, ARunThatIsTakenOverByHandIsWrittenByOneAlone) {
  write_sweep(20, "[0]");
  const pid_t first = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(0) && query().runs()[0].epochs_done >= 2; }));
  const std::string run = query().runs()[0].short_identity();
  EXPECT_EQ(program_.run({"run", "s.toml", "--take-over", run}).exit_code, 0);
  EXPECT_EQ(exit_code_of(first), 0) << "it waits for the other then";
  const store::RunRecord record = query().runs().at(0);
  EXPECT_EQ(record.status, store::RunStatus::finished);
  EXPECT_EQ(query().epochs(record.id).size(), 20u);
  const std::vector<store::AttemptRecord> attempts = query().attempts(record.id);
  ASSERT_EQ(attempts.size(), 2u);
  EXPECT_EQ(attempts[0].end_reason, "lost");
  EXPECT_EQ(*attempts[1].first_epoch, *attempts[0].last_epoch + 1);
}

TEST_F(SharedStore, RemovedRunsEndNoSweep) {
  write_sweep(40, "[0, 1, 2, 3]");
  const pid_t running = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_running(0); }));
  const std::vector<store::RunRecord> runs = query().runs();
  EXPECT_EQ(program_.run({"rm", runs[1].short_identity()}).exit_code, 0);
  EXPECT_EQ(program_.run({"gc"}).exit_code, 0);
  EXPECT_EQ(program_.run({"rm", runs[2].short_identity()}).exit_code, 0);
  EXPECT_EQ(exit_code_of(running), 0);
  EXPECT_EQ(query().runs().size(), 2u);
  expect_all_done_once(40);
  EXPECT_EQ(query().trashed_runs().at(0).epochs_done, 0);
}

TEST_F(SharedStore, AStoreThatIsBusyIsWaitedFor) {
  write_sweep(3, "[0]");
  ASSERT_EQ(program_.run({"run", "s.toml"}).exit_code, 0);
  store::Store store(program_ / "epochal-store");
  store.connection().database().exec("begin immediate");
  const pid_t running = program_.start({"run", "s.toml", "epochs=5"});
  std::this_thread::sleep_for(std::chrono::seconds(2));
  int status = 0;
  EXPECT_EQ(waitpid(running, &status, WNOHANG), 0) << "it waits";
  store.connection().database().exec("rollback");
  EXPECT_EQ(exit_code_of(running), 0);
  EXPECT_EQ(query().runs().at(0).epochs_done, 5);
}

}  // namespace
}  // namespace epochal::test

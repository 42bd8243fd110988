// Programs that change, end early, fail at their end or are asked for another length; and what they
// print that is no number.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>

#include "framework/system/process.h"
#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

namespace fs = std::filesystem;

class ChangedPrograms : public RecordedPrograms {
 protected:
  ChangedPrograms() {
    program_.environment["XDG_CACHE_HOME"] = (program_ / "cache").string();
    program_.environment["EPOCHAL_PROGRAM"] = EPOCHAL_PROGRAM;
  }

  void write_sweep(const std::string& script, const std::string& head, const std::string& command) {
    write_file(program_ / "train.sh", script);
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='command'\n" + head + "\n[command]\n" +
                   (command.find("run=") == std::string::npos ? "run=['sh', 'train.sh']\n" : "") +
                   command);
  }

  void write_python(const std::string& script, const std::string& head,
                    const std::string& rest = {}) {
    write_file(program_ / "train.py", script);
    write_file(program_ / "s.toml", "name='s'\nexperiment='command'\n" + head +
                                        "\n[command]\nrun=['python3', 'train.py']\n" + rest);
  }
};

TEST_F(ChangedPrograms, NumbersOfAnotherProgramAreNotRecordedUnderTheOldOne) {
  write_sweep("echo 'epochal: {\"epoch\": 1, \"a\": 1}'\nuntil test -e go; do sleep 0.05; done\n",
              "seeds=[0, 1]", "inputs=['train.sh']\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  write_file(program_ / "train.sh", "echo 'epochal: {\"epoch\": 1, \"a\": 2}'\n");
  write_file(program_ / "go", "");
  EXPECT_EQ(exit_code_of(pid), 1) << program_.err();
  expect_in(program_.err(), "the inputs of the command have changed while the program ran");
  expect_in(program_.err(), "the inputs of the command have changed since the sweep was read");
  const Finished again = succeed({"run", "s.toml"});
  expect_in(again.err, "2 runs, 2 to do, 0 finished before");
}

TEST_F(ChangedPrograms, AChangedFileOfAFolderIsSeenToo) {
  write_file(program_ / "data/a", "1");
  write_sweep("echo 2 > data/a\n", "", "inputs=['train.sh', 'data']\n");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 1);
  expect_in(only_run().error, "the inputs of the command have changed while the program ran");
}

TEST_F(ChangedPrograms, WordsThatAreFilesAreInputsUnlessTheSweepSaysOtherwise) {
  write_sweep("exit 0\n", "", "");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(only_run().experiment, "command:train");
  write_sweep("exit 0 # changed\n", "", "");
  expect_in(run({"run", "s.toml"}).err, "1 run, 1 to do, 0 finished before");
  write_sweep("exit 0\n", "", "name='n'\ninputs=[]\n");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 0);
  write_sweep("exit 0 # changed\n", "", "name='n'\ninputs=[]\n");
  expect_in(run({"run", "s.toml"}).err, "1 run, 0 to do, 1 finished before");
}

TEST_F(ChangedPrograms, MoreEpochsOfWhatKeepsNoStateAreAskedForExpressly) {
  write_sweep(
      "for e in $(seq $EPOCHAL_EPOCHS); do echo \"epochal: {\\\"epoch\\\": $e, \\\"a\\\": $e}\"; "
      "done\n",
      "epochs=3", "");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  expect_in(run({"run", "s.toml", "epochs=5", "--dry-run"}).out,
            "finished, 3 of 5 epochs, would start again: needs --restart-longer");
  expect_refused({"run", "s.toml", "epochs=5"},
                 "1 run has 3 epochs and keeps no state: for 5 epochs it would start again");
  EXPECT_EQ(only_run().epochs_done, 3);
  EXPECT_EQ(only_run().status, store::RunStatus::finished);
  ASSERT_EQ(run({"run", "s.toml", "epochs=5", "--restart-longer"}).exit_code, 0);
  EXPECT_EQ(metrics_of_only_run().size(), 5u);
  expect_in(run({"run", "s.toml", "--dry-run"}).out, "finished, 5 epochs");
}

TEST_F(ChangedPrograms, WhereTheLengthIsAWordAnotherLengthIsAnotherRun) {
  write_sweep("for e in $(seq $1); do echo \"epochal: {\\\"epoch\\\": $e}\"; done\n", "epochs=2",
              "run=['sh', 'train.sh', '{epochs}']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"run", "s.toml", "epochs=3"}).exit_code, 0);
  EXPECT_EQ(query().runs().size(), 2u);
}

TEST_F(ChangedPrograms, UnfinishedRunsGoToTheLengthThatIsAskedForNow) {
  write_sweep(
      "for e in $(seq $EPOCHAL_EPOCHS); do echo \"epochal: {\\\"epoch\\\": $e}\"\n"
      "test $e = 4 && test ! -e good && exit 1; done; true\n",
      "epochs=9", "");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 1);
  EXPECT_EQ(only_run().epochs_done, 4);
  write_file(program_ / "good", "");
  EXPECT_EQ(run({"run", "s.toml", "epochs=6", "--retry-failed"}).exit_code, 0);
  EXPECT_EQ(only_run().epochs_done, 6);
}

TEST_F(ChangedPrograms, AnEndThatFailedIsAskedForOnceMore) {
  write_python(
      "import epochal, os, sys\nrun = epochal.init()\nfor epoch in run.epochs():\n"
      "    run.log({'a': epoch})\n"
      "    run.save(lambda folder: (folder / 'state').write_text('x'))\n"
      "open('starts', 'a').write('%d ' % run.first_epoch)\n"
      "sys.exit(0 if os.path.exists('good') else 5)\n",
      "epochs=2", "inputs=['train.py']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 1);
  expect_in(only_run().error, "ended with exit code 5 after its last epoch");
  ASSERT_EQ(run({"run", "s.toml", "--retry-failed"}).exit_code, 1);
  EXPECT_EQ(only_run().status, store::RunStatus::failed);
  write_file(program_ / "good", "");
  ASSERT_EQ(run({"run", "s.toml", "--retry-failed"}).exit_code, 0);
  EXPECT_EQ(only_run().status, store::RunStatus::finished);
  EXPECT_EQ(read_file(program_ / "starts"), "1 3 3 ");
}

TEST_F(ChangedPrograms, AClientMayFinishBeforeAllEpochsAreDone) {
  write_python(
      "import epochal\nrun = epochal.init()\nfor epoch in run.epochs():\n"
      "    run.log({'a': epoch})\n"
      "    run.save(lambda folder: (folder / 'state').write_text('x'))\n"
      "    if epoch == 3:\n        run.finish()\n        break\n"
      "open('ended', 'a').write(run.stopped + ' ')\n",
      "epochs=9");
  const Finished done = succeed({"run", "s.toml"});
  expect_in(done.err, "0 finished, 1 stopped early, 0 failed");
  expect_in(done.err, "the program ended by itself after epoch 3 of 9");
  EXPECT_EQ(only_run().status, store::RunStatus::stopped);
  EXPECT_EQ(only_run().epochs_done, 3);
  EXPECT_EQ(metrics_of_only_run().back(), (Metrics{{"a", 3}}));
  expect_in(run({"run", "s.toml"}).err, "1 run, 0 to do");
  EXPECT_EQ(read_file(program_ / "ended"), "finished ");
}

TEST_F(ChangedPrograms, AProgramThatSaysLinesMayEndEarlyToo) {
  write_sweep(
      "echo 'epochal: {\"epoch\": 1, \"a\": 1}'; echo 'epochal: {\"epoch\": 2, "
      "\"last\": true}'\n",
      "epochs=9", "");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(only_run().status, store::RunStatus::stopped);
  const Finished again = succeed({"run", "s.toml"});
  expect_in(again.err, "1 run, 0 to do");
}

TEST_F(ChangedPrograms, ABreakWithoutFinishIsAFailureThatSaysSo) {
  write_python(
      "import epochal\nrun = epochal.init()\nfor epoch in run.epochs():\n"
      "    run.log({'a': epoch})\n    if epoch == 3:\n        break\n",
      "epochs=9");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 1);
  expect_in(only_run().error, "the program ended before epoch 3 of 9");
  expect_in(only_run().error, "finish()");
}

TEST_F(ChangedPrograms, WhatIsNoNumberIsTold) {
  write_sweep(
      "echo 'epoch 1 loss=1.5'; printf '\\033[32mepoch 2 loss=\\033[1m0.5\\033[0m\\n'\n"
      "echo 'epoch 3 loss=3e-4.'; echo 'epoch 4 loss=N/A'; echo 'epoch 5 loss=1,5'\n",
      "epochs=5",
      R"(metrics=[{name='train.loss', pattern='epoch (?P<epoch>\d+) loss=(?P<value>\S+)'}])");
  const Finished done = succeed({"run", "s.toml"});
  EXPECT_EQ(metrics_of_only_run(),
            (std::vector<Metrics>{
                {{"train.loss", 1.5}}, {{"train.loss", 0.5}}, {{"train.loss", 3e-4}}, {}, {}}));
  EXPECT_TRUE(has_event("lines", "epoch 4: 'N/A' is not a number (pattern of train.loss)"));
  expect_in(done.err, "2 lines were refused; the first: 'epoch 4 loss=N/A'");
}

TEST_F(ChangedPrograms, AnObjectiveThatIsNeverANumberIsAFailure) {
  write_sweep(
      "echo 'epoch 1 loss=tensor(0.25)'\n", "",
      R"(metrics=[{name='loss', pattern='epoch (?P<epoch>\d+) loss=(?P<value>\S+)', better='lower', objective=true}])");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 1);
  expect_in(only_run().error, "no number was found by the pattern of loss, which is the objective");
  EXPECT_TRUE(has_event("lines", "epoch 1: 'tensor(0.25)' is not a number (pattern of loss)"));
}

TEST_F(ChangedPrograms, OfALineWhoseEpochIsRefusedNothingIsTaken) {
  write_sweep("echo 'epoch 9 loss=1 acc=2'; echo 'epoch 1 loss=3 acc=4'\n", "epochs=1",
              R"(metrics=[{name='acc', pattern='acc=(?P<value>\S+)'},
{name='loss', pattern='epoch (?P<epoch>\d+) loss=(?P<value>\S+)'}])");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(metrics_of_only_run(), (std::vector<Metrics>{{{"acc", 4}, {"loss", 3}}}));
}

TEST_F(ChangedPrograms, ChildrenOfTheShellHaveTheGraceToo) {
  write_file(program_ / "child.sh",
             "trap 'sleep 0.5; echo done > kept; exit' TERM\necho $$ > child\n"
             "while :; do sleep 0.05; done\n");
  write_sweep("", "", "shell=true\nrun='sh child.sh | cat'\ninputs=[]\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return fs::exists(program_ / "child"); }));
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  EXPECT_EQ(read_file(program_ / "kept"), "done\n");
}

TEST_F(ChangedPrograms, WhatItDoesToTheFolderThatItSavesIntoIsSaid) {
  for (const std::string& what :
       {std::string("shutil.rmtree(folder); os.symlink('/tmp', folder)"),
        std::string("shutil.rmtree(folder)"),
        std::string("(folder / 'a').write_text('x'); (folder / 'l').symlink_to('/etc/passwd')")}) {
    write_python(
        "import epochal, os, shutil\nrun = epochal.init()\nfor epoch in run.epochs():\n"
        "    def write(folder):\n        " +
            what + "\n    run.save(write)\n",
        "epochs=1");
    fs::remove_all(program_ / "epochal-store");
    EXPECT_EQ(run({"run", "s.toml"}).exit_code, 1) << what;
    expect_in(only_run().error, "the program ");
    expect_not_in(only_run().error, "internal error");
    EXPECT_EQ(only_run().epochs_done, 0);
  }
}

TEST_F(ChangedPrograms, ARecordThatIsRefusedIsSaidOnce) {
  write_sweep("exit 1\n", "seeds=[3]", "");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 1);
  ASSERT_EQ(program_
                .shell("python3 -c \"import sqlite3; c = "
                       "sqlite3.connect('epochal-store/epochal.db'); c.execute('update run set "
                       "seed = 4'); c.commit()\"")
                .exit_code,
            0)
      << program_.err();
  expect_refused({"run", "s.toml", "--retry-failed"},
                 "the run's recorded parameters do not match its identity");
}

TEST_F(ChangedPrograms, PipesAndFoldersAreNoPrograms) {
  mkfifo((program_ / "pipe").c_str(), 0600);
  write_sweep("exit 0\n", "", "inputs=['pipe']\n");
  expect_in(run({"run", "s.toml"}).err, "neither a file nor a folder");
  write_sweep("exit 0\n", "", "run=['/tmp']\n");
  expect_in(run({"run", "s.toml"}).err, "cannot be run: it is a folder");
}

TEST_F(ChangedPrograms, WordsMayBeLongEmptyAndHaveSeveralLines) {
  write_sweep("", "",
              "run=['python3', '-c', '''\nimport sys\nprint(len(sys.argv[1]), "
              "repr(sys.argv[2]))\n''', '" +
                  std::string(3000, 'x') + "', '']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0) << program_.err();
  expect_in(run({"log", "s:1"}).out, "3000 ''");
  write_sweep("", "", "run=['echo', '" + std::string(4097, 'x') + "']\n");
  expect_in(run({"run", "s.toml"}).err, "a word of run is longer than 4096 bytes");
}

TEST_F(ChangedPrograms, AFolderWhoseNameIsNoUtf8IsAsGoodAsAny) {
  const Finished done = program_.shell(
      "mkdir $'odd\\xff'; cd $'odd\\xff'; printf "
      "'name=\"s\"\\nexperiment=\"command\"\\n[command]\\n"
      "run=[\"pwd\"]\\n' > s.toml; epochal run s.toml");
  EXPECT_EQ(done.exit_code, 0) << done.err;
}

TEST_F(ChangedPrograms, ATrackedClientSaysItsSeedItsLengthAndItsObjective) {
  write_file(program_ / "train.py",
             "import sys\nimport epochal\nrun = epochal.init(epochs=2, seed=3, store='mine', "
             "rate=float(sys.argv[1]), better={'val.loss': 'lower'}, objective='val.loss')\n"
             "for epoch in run.epochs():\n    run.log({'val.loss': run.rate / epoch})\n");
  for (const std::string rate : {"0.5", "0.25"}) {
    const Finished done = program_.shell("python3 train.py " + rate);
    ASSERT_EQ(done.exit_code, 0) << done.err;
    expect_in(done.err, "epoch 2 of 2 done");
  }
  const store::Query records = query("mine");
  ASSERT_EQ(records.runs().size(), 2u);
  EXPECT_EQ(records.runs()[0].seed, 3u);
  EXPECT_EQ(records.declarations().objective(records.runs()[0]), "val.loss");
  expect_in(run({"best", "--store", "mine"}).out, "0.125");
  expect_in(run({"report", "--store", "mine", "-o", "report"}).err, "the newest sweep: 'train'");
}

TEST_F(ChangedPrograms, WhatIsTrackedUnderANameIsOneSweepOfComparableRuns) {
  write_file(program_ / "one.sh", "exit 0\n");
  ASSERT_EQ(run({"track", "--name", "night", "a=1", "--", "sh", "one.sh"}).exit_code, 0);
  ASSERT_EQ(run({"track", "--name", "night", "a=2", "--", "sh", "one.sh"}).exit_code, 0);
  ASSERT_EQ(run({"track", "--name", "day", "--", "sh", "one.sh"}).exit_code, 0);
  const store::Query records = query();
  EXPECT_EQ(records.runs_of_sweep(records.sweep("night", "")->id).size(), 2u);
  for (const store::RunRecord& each : records.runs()) EXPECT_EQ(each.experiment, "command:one");
  expect_refused({"track", "my lr=3", "--", "true"},
                 "'my lr=3' is neither KEY=VALUE nor a program");
}

}  // namespace
}  // namespace epochal::test

// Programs that are started by hand and record themselves: init(store="…") of the clients.

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

constexpr char kScript[] = R"(
import subprocess, sys
import epochal

run = epochal.init(store="mine", learning_rate=0.5, word="3", quick=True, epochs=2)
if "child" not in sys.argv:
    subprocess.run([sys.executable, "by_hand.py", "child"], check=True)
for epoch in run.epochs():
    run.log({"train.loss": run.learning_rate / epoch})
print("ends", sys.argv[1:], repr(run.word), repr(run.quick), run.stopped)
)";

class SelfRecording : public RecordedPrograms {
 protected:
  SelfRecording() {
    program_.environment["EPOCHAL_PROGRAM"] = EPOCHAL_PROGRAM;
    write_file(program_ / "by_hand.py", kScript);
  }

  Finished shell(const std::string& line) {
    const Finished done = program_.shell("unset -f epochal; " + line);
    EXPECT_EQ(done.exit_code, 0) << done.out << done.err;
    return done;
  }

  std::vector<store::RunRecord> recorded() { return query("mine").runs(); }
};

TEST_F(SelfRecording, APythonProgramBeginsAgainUnderTrack) {
  const Finished done = shell("python3 by_hand.py 'an argument'");
  expect_in(done.out, "ends ['an argument'] '3' True");
  ASSERT_EQ(recorded().size(), 1u) << "what it starts is part of it";
  const store::RunRecord run = recorded().at(0);
  EXPECT_EQ(run.experiment, "command:by_hand");
  EXPECT_EQ(run.status, store::RunStatus::finished);
  EXPECT_EQ(to_text(*run.parameters.find("learning_rate")), "0.5");
  const auto epochs = query("mine").epochs(run.id);
  ASSERT_EQ(epochs.size(), 2u);
  EXPECT_EQ(epochs[1].metrics.at("train.loss"), 0.25);
}

TEST_F(SelfRecording, ItIsFoundOnThePath) {
  const std::string folder = std::filesystem::path(EPOCHAL_PROGRAM).parent_path();
  shell("unset EPOCHAL_PROGRAM; PATH='" + folder + "':$PATH python3 by_hand.py");
  EXPECT_EQ(recorded().size(), 1u);
}

TEST_F(SelfRecording, ACppProgramBeginsAgainUnderTrack) {
  shell(EPOCHAL_CLIENT_PROGRAM " mine");
  ASSERT_EQ(recorded().size(), 1u);
  EXPECT_EQ(recorded().at(0).epochs_done, 3);
  EXPECT_EQ(to_text(*recorded().at(0).parameters.find("learning_rate")), "0.1");
}

TEST_F(SelfRecording, WithoutEpochalItSaysSoAndTrains) {
  const Finished python =
      shell("export PATH=/usr/bin:/bin; unset EPOCHAL_PROGRAM; /usr/bin/python3 by_hand.py child");
  expect_in(python.err, "epochal: this run is not recorded: put `epochal` on the PATH");
  expect_in(python.out, "epoch 2 of 2: train.loss=0.25");
  const Finished cpp =
      shell("export PATH=/usr/bin:/bin; unset EPOCHAL_PROGRAM; " EPOCHAL_CLIENT_PROGRAM " mine");
  expect_in(cpp.err, "epochal: this run is not recorded: put `epochal` on the PATH");
  expect_in(cpp.out, "epoch 3 of 3:");
  const Finished wrong = shell("EPOCHAL_PROGRAM=/nonexistent python3 by_hand.py child");
  expect_in(wrong.err, "epochal: this run is not recorded: /nonexistent: No such file");
  EXPECT_FALSE(std::filesystem::exists(program_ / "mine"));
}

TEST_F(SelfRecording, AScriptFromStandardInputTrainsWithoutARecord) {
  write_file(program_ / "hand.py",
             "import epochal\nrun = epochal.init(store='mine')\n"
             "for e in run.epochs(): print('trains')\n");
  for (const char* python :
       {"python3 < hand.py", "python3 - child < hand.py", "python3 <(cat hand.py)"}) {
    const Finished done = shell(python);
    expect_in(done.out, "trains");
    expect_in(done.err, "epochal: this run is not recorded: only a script in a file can be");
  }
  EXPECT_FALSE(std::filesystem::exists(program_ / "mine"));
}

TEST_F(SelfRecording, StandardInputReachesTheProgram) {
  write_file(program_ / "reader.py",
             "import epochal, sys\nrun = epochal.init(store='mine')\n"
             "for e in run.epochs(): run.log({'words': len(sys.stdin.read().split())})\n");
  shell("echo one two three | python3 reader.py");
  const store::Query query(program_ / "mine");
  EXPECT_EQ(query.epochs(recorded().at(0).id).at(0).metrics, (Metrics{{"words", 3}}));
  expect_in(shell("echo one | '" EPOCHAL_PROGRAM "' track --stdin -- cat").out, "one");
  expect_not_in(shell("echo one | '" EPOCHAL_PROGRAM "' track -- cat").out, "one");
  shell("'" EPOCHAL_PROGRAM "' track --stdin -- true <&-");
}

TEST_F(SelfRecording, TheCppClientGivesParametersAndStandardInput) {
  write_file(program_ / "told", "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
  const Finished done =
      shell("chmod +x told; EPOCHAL_PROGRAM=./told " EPOCHAL_CLIENT_PROGRAM " -x");
  expect_in(done.out,
            "track\n--stdin\n--store=-x\n--parameters={\"learning_rate\": 0.1"
            "0000000000000001, \"name\": \"none\", \"sleep\": 0.0}\n--\n/");
}

TEST_F(SelfRecording, ParametersKeepTheirTypes) {
  write_file(program_ / "typed.py",
             "import epochal\nrun = epochal.init(store='mine', digits='007', word='true', "
             "flag=True, whole=3, real=2.0, nothing=None, odd=float('nan'), big=2**63)\n"
             "for e in run.epochs(): run.log({'a': 1})\n");
  shell("python3 typed.py");
  const Parameters found = recorded().at(0).parameters;
  EXPECT_EQ(*found.find("digits"), ParameterValue("007"));
  EXPECT_EQ(*found.find("word"), ParameterValue("true"));
  EXPECT_EQ(*found.find("flag"), ParameterValue(true));
  EXPECT_EQ(*found.find("whole"), ParameterValue(std::int64_t{3}));
  EXPECT_EQ(*found.find("real"), ParameterValue(2.0));
  EXPECT_EQ(*found.find("nothing"), ParameterValue("None"));
  EXPECT_EQ(*found.find("odd"), ParameterValue("nan"));
  EXPECT_EQ(*found.find("big"), ParameterValue(9223372036854775808.0));
}

TEST_F(SelfRecording, AParameterThatCannotBeRecordedIsLeftOut) {
  write_file(program_ / "odd.py",
             "import epochal\nrun = epochal.init(store='mine', epochs=1, rate=1, text='x' * 5000, "
             "**{'n' * 65: 1, '-x': 2, 'a b': 3, '\xce\xb1': 4, '': 5, 'zero': 'a\\0b'})\n"
             "for e in run.epochs(): run.log({'a': 1})\n");
  const Finished done = shell("python3 odd.py");
  EXPECT_EQ(recorded().at(0).status, store::RunStatus::finished);
  EXPECT_EQ(recorded().at(0).parameters.all().size(), 1u);
  for (const char* name : {"text", "nnnnn", "-x", "a b", "\xce\xb1", "", "zero"}) {
    expect_in(done.err, std::string("epochal: the parameter '") + name);
  }
  expect_in(done.err, "text is longer than 4096 bytes");

  // More than a word of a command line holds: nothing is recorded, and the program trains.
  write_file(program_ / "huge.py",
             "import epochal\nrun = epochal.init(store='other', text='x' * 200000)\n"
             "for e in run.epochs(): print('trains')\n");
  const Finished huge = shell("python3 huge.py");
  expect_in(huge.out, "trains");
  expect_in(huge.err, "epochal: this run is not recorded: ");
}

TEST_F(SelfRecording, AProgramThatLeavesItsLoopFails) {
  for (const int last : {1, 3}) {
    std::filesystem::remove_all(program_ / "mine");
    write_file(program_ / "leaves.py",
               "import epochal, sys\nrun = epochal.init(store='mine', epochs=20)\n"
               "for e in run.epochs():\n    run.log({'a': e})\n"
               "    if e == " +
                   std::to_string(last) + ": sys.exit(0)\n");
    const Finished done = program_.shell("unset -f epochal; python3 leaves.py");
    EXPECT_EQ(done.exit_code, 1) << done.err;
    const store::RunRecord run = recorded().at(0);
    EXPECT_EQ(run.status, store::RunStatus::failed);
    EXPECT_EQ(run.epochs_done, last - 1);
    EXPECT_EQ(run.epochs, 20);
    expect_in(run.error, "the program ended before epoch " + std::to_string(last) + " of 20");
    expect_in(run.error, "must call finish() first");
  }
}

TEST_F(SelfRecording, AProgramThatFinishesEarlyIsFinished) {
  write_file(program_ / "early.py",
             "import epochal\nrun = epochal.init(store='mine', epochs=20)\n"
             "for e in run.epochs():\n    run.log({'a': e})\n    if e == 3: run.finish()\n");
  shell("python3 early.py");
  EXPECT_EQ(recorded().at(0).status, store::RunStatus::finished);
  EXPECT_EQ(recorded().at(0).epochs_done, 3);
}

TEST_F(SelfRecording, UnderASweepTheStoreIsThatOfTheSweep) {
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='command'\nepochs=2\n[command]\nrun=['python3', 'by_hand.py', "
             "'child']\n[command.parameters.learning_rate]\ndefault=0.125\n");
  const Finished done = program_.run({"run", "s.toml"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_FALSE(std::filesystem::exists(program_ / "mine"));
  const store::Query query(program_ / "epochal-store");
  EXPECT_EQ(query.epochs(query.runs().at(0).id).at(0).metrics.at("train.loss"), 0.125);
}

}  // namespace
}  // namespace epochal::test

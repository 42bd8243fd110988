// Programs that do not do what epochal hopes for: each must end with a record and a reason, soon.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <set>

#include "framework/command/command_experiment.h"
#include "framework/system/process.h"
#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

using namespace std::chrono_literals;

class OddPrograms : public RecordedPrograms {
 protected:
  OddPrograms() { program_.environment["EPOCHAL_PROGRAM"] = EPOCHAL_PROGRAM; }

  /// s.toml, which runs a script; `head` stands before [command], `rest` within it.
  void write_sweep(const std::string& runner, const std::string& script,
                   const std::string& head = {}, const std::string& rest = {}) {
    write_file(program_ / "train", script);
    write_file(program_ / "s.toml", "name='s'\nexperiment='command'\n" + head +
                                        "\n[command]\nrun=['" + runner +
                                        "', 'train']\ninputs=['train']\n" + rest);
  }
  void write_shell(const std::string& script, const std::string& head = {},
                   const std::string& rest = {}) {
    write_sweep("sh", script, head, rest);
  }
  void write_python(const std::string& script, const std::string& head = {},
                    const std::string& rest = {}) {
    write_sweep("python3", "import epochal, os, sys, time\n" + script, head, rest);
  }

  Finished sweep() { return run({"run", "s.toml"}); }
  std::vector<store::EpochRecord> epochs() { return query().epochs(only_run().id); }

  bool is_there(const std::string& file) { return std::filesystem::exists(program_ / file); }
  std::string text(const std::string& file) { return read_file(program_ / file); }

  void expect_interrupted_within(std::chrono::seconds most, pid_t pid) {
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, most);
  }

  void expect_goes_on_where_it_saved(int every);
};

/// The program kills itself in epoch 12; what it saved before must still be there.
void OddPrograms::expect_goes_on_where_it_saved(int every) {
  write_python(fmt::format(R"(
run = epochal.init(epochs=14)
open("starts", "a").write("%d\n" % run.first_epoch)
for epoch in run.epochs():
    if epoch == 12 and not os.path.exists("killed"):
        open("killed", "w")
        os.kill(os.getpid(), 9)
    run.log({{"loss": 20 - epoch}})
    if epoch % {} == 0:
        run.save(lambda folder: (folder / "state").write_text(str(epoch)))
)",
                           every),
               "epochs=14", "metrics=[{name='loss', better='lower', objective=true}]");
  EXPECT_EQ(sweep().exit_code, 3);
  EXPECT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(text("starts"), fmt::format("1\n{}\n", 11 / every * every + 1));
  EXPECT_EQ(epochs().size(), 14U);
  EXPECT_EQ(query().choices(only_run().id).at(kResumeKind), kExact);
}

TEST_F(OddPrograms, OneThatSavesEveryThirdEpochGoesOnThere) {
  expect_goes_on_where_it_saved(3);
}

TEST_F(OddPrograms, OneThatSavesEveryFifthEpochGoesOnThere) {
  expect_goes_on_where_it_saved(5);
}

/// A client of its own that looks to no bounds, and waits for the answer.
constexpr char kBareClient[] = R"(
import os, socket, json
channel = socket.socket(fileno=int(os.environ["EPOCHAL_FD"])).makefile("rw")
first = json.loads(channel.readline())
def say(line):
    channel.write(line + "\n")
    channel.flush()
say('{"hello": 1}')
)";

TEST_F(OddPrograms, AClientWhoseEpochIsRefusedFailsWithTheReason) {
  const std::vector<std::pair<std::string, std::string>> lines{
      {R"('{"epoch": 1' + "".join(', "m%d": 1' % i for i in range(300)) + '}')",
       "it has more than 256 values"},
      {R"('{"epoch": 1, "": 1}')", "the name of a value is empty"},
      {R"('{"epoch": 1, "samples": -5}')", "its samples is not a whole number"},
      {R"('{"epoch": 1, "' + "n" * 70000 + '": 1}')", "it is longer than 65536 bytes"}};
  for (const auto& [line, why] : lines) {
    write_python(std::string(kBareClient) + "say(" + line + ")\nchannel.readline()\n", "epochs=2");
    std::filesystem::remove_all(program_ / "epochal-store");
    EXPECT_EQ(sweep().exit_code, 1) << line;
    expect_in(only_run().error, "ended epoch 1 with an invalid line");
    expect_in(only_run().error, why);
  }
}

TEST_F(OddPrograms, ThePythonClientLooksToTheBounds) {
  write_python(R"(
run = epochal.init()
def refused(*arguments, **named):
    try:
        run.log(*arguments, **named)
    except ValueError as error:
        print("refused:", error)
    else:
        print("TAKEN", arguments)
for epoch in run.epochs():
    refused({str(i): 1 for i in range(300)})
    refused({"": 1})
    refused({"n" * 201: 1})
    refused({"a\nb": 1})
    refused({"step": 1})
    refused({"step": 1}, step=2)
    refused({}, samples=-1)
    refused({}, samples=1.5)
    refused({str(i): 1 for i in range(300)}, step=3)
    run.log({"epoch": 1.5, "loss": 2}, step=4)
    run.log({"epoch": 7, "loss": 3, "samples": 640, "learning_rate": 0.5})
)");
  EXPECT_EQ(sweep().exit_code, 0) << only_run().error;
  const std::string log = run({"log", "s:1"}).out;
  expect_not_in(log, "TAKEN");
  ASSERT_EQ(epochs().size(), 1U);
  EXPECT_EQ(epochs()[0].metrics, (Metrics{{"loss", 3}}));
  EXPECT_EQ(epochs()[0].samples, 640);
  EXPECT_EQ(steps_of_only_run(), std::vector<std::string>{"1 loss 4 2"});
}

TEST_F(OddPrograms, AStepBesideItsEpochEndsNoEpoch) {
  write_shell(R"(
echo '{"epoch": 1.5, "step": 10, "loss": 0.5}' >&3
echo '{"epoch": 2, "step": 20, "loss": 0.25}' >&3
echo '{"epoch": 1, "loss": 0.125}' >&3
)");
  ASSERT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(epochs()[0].metrics, (Metrics{{"loss", 0.125}}));
  EXPECT_EQ(steps_of_only_run(), (std::vector<std::string>{"1 loss 10 0.5", "1 loss 20 0.25"}));
  expect_not_in(events(), "refused");
}

TEST_F(OddPrograms, EpochsOfATrackedProgramTakeTheirTime) {
  write_file(program_ / "train", R"(
for epoch in 1 2 3; do
  echo "{\"step\": $epoch, \"loss\": 1}" >&3
  sleep 0.4
  echo "{\"epoch\": $epoch, \"loss\": 1}" >&3
done
)");
  ASSERT_EQ(run({"track", "--", "sh", "train"}).exit_code, 0);
  ASSERT_EQ(epochs().size(), 3U);
  for (const store::EpochRecord& epoch : epochs()) {
    EXPECT_GT(epoch.seconds.count(), 0.3) << epoch.number;
    EXPECT_LT(epoch.seconds.count(), 2) << epoch.number;
  }
  EXPECT_EQ(steps_of_only_run(),
            (std::vector<std::string>{"1 loss 1 1", "2 loss 2 1", "3 loss 3 1"}));
}

TEST_F(OddPrograms, ATrackedProgramMayCountFromAnywhere) {
  write_file(program_ / "train",
             "for e in 0 1 2; do echo \"epochal: {\\\"epoch\\\": $e, \\\"a\\\": $e}\"; done\n");
  ASSERT_EQ(run({"track", "--", "sh", "train"}).exit_code, 0);
  ASSERT_EQ(epochs().size(), 3U);
  EXPECT_EQ(epochs()[0].metrics.at("a"), 0);
  expect_in(events(), "the program's epoch 0 is recorded as epoch 1");

  std::filesystem::remove_all(program_ / "epochal-store");
  write_file(program_ / "train",
             "for e in 5000 5002 900000 5003; do echo \"epochal: {\\\"epoch\\\": $e, \\\"a\\\": "
             "$e}\"; done\n");
  ASSERT_EQ(run({"track", "--", "sh", "train"}).exit_code, 0);
  ASSERT_EQ(epochs().size(), 4U);
  EXPECT_EQ(epochs()[0].metrics.at("a"), 5000);
  EXPECT_TRUE(epochs()[1].metrics.empty());
  EXPECT_EQ(epochs()[3].metrics.at("a"), 5003);
  expect_in(events(), "epoch 900000 comes more than 1000 epochs after epoch 5002");
}

TEST_F(OddPrograms, CtrlCStopsATrackedProgramThatSaysManyEpochs) {
  write_file(
      program_ / "train",
      "for e in 1 1000 2000 3000 4000; do echo \"{\\\"epoch\\\": $e}\" >&3; done; sleep 1000\n");
  const pid_t pid = program_.start({"track", "--", "sh", "train"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(2); }));
  kill(pid, SIGINT);
  expect_interrupted_within(5s, pid);
  EXPECT_LT(only_run().epochs_done, 4000);
}

TEST_F(OddPrograms, ASecondCtrlCEndsATrackedProgramAtOnce) {
  write_file(program_ / "train",
             "trap '' TERM\necho '{\"epoch\": 1}' >&3\nwhile true; do sleep 0.1; done\n");
  const pid_t pid = program_.start({"track", "--", "sh", "train"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  kill(pid, SIGINT);
  std::this_thread::sleep_for(500ms);
  kill(pid, SIGINT);
  expect_interrupted_within(5s, pid);
  EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
}

TEST_F(OddPrograms, AClientCountsFromOneWhateverIsPrinted) {
  write_python(R"(
run = epochal.init()
for epoch in run.epochs():
    print("epoch %d loss=%d" % (epoch - 1, 10 - epoch), flush=True)
    run.log({"height": epoch})
)",
               "epochs=3",
               R"(first_epoch=0
metrics=[{name='loss', pattern='epoch (?P<epoch>\d+) loss=(?P<value>\d+)', better='lower', objective=true}])");
  ASSERT_EQ(sweep().exit_code, 0) << only_run().error << events();
  ASSERT_EQ(epochs().size(), 3U);
  for (const store::EpochRecord& epoch : epochs()) {
    EXPECT_EQ(epoch.metrics, (Metrics{{"loss", 10.0 - epoch.number}, {"height", epoch.number}}));
  }
}

TEST_F(OddPrograms, StepsAreReadWhileAProgramIsSilentAndKeptWhenItFails) {
  write_shell(
      "for s in 1 2 3; do echo \"{\\\"step\\\": $s, \\\"loss\\\": 1}\" >&3; done\n"
      "touch said; while test ! -e go; do sleep 0.05; done\n"
      "echo '{\"step\": 4, \"loss\": 1}' >&3; exit 1\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  EXPECT_TRUE(wait_until(
      [&] { return is_there("said") && has_store() && steps_of_only_run().size() == 3; }));
  write_file(program_ / "go", "");
  EXPECT_EQ(exit_code_of(pid), 1);
  EXPECT_EQ(steps_of_only_run().size(), 4U);
}

TEST_F(OddPrograms, OneThatDoesNotEndItsSavingIsStopped) {
  write_python(R"(
run = epochal.init()
def save(folder):
    open("saving", "w")
    time.sleep(1000)
for epoch in run.epochs():
    run.save(save)
)",
               "epochs=2", "grace=1\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_there("saving"); }));
  kill(pid, SIGINT);
  expect_interrupted_within(8s, pid);
  EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
  expect_in(events(), "did not save epoch 1 within 1 s");
}

TEST_F(OddPrograms, ArtifactsAreRefusedNumberedOrMissedWithAWord) {
  write_shell(R"(
mkdir -p a b closed
echo 'x,1' > a/cm.csv; echo 'y,2' > b/cm.csv
echo one > 图一.txt; echo two > 图二.txt
long=$(head -c 3000 /dev/zero | tr '\0' n)
for file in a/cm.csv b/cm.csv a/cm.csv "$long" 图一.txt 图二.txt; do
  echo "{\"artifact\": \"$file\"}" >&3
done
echo '{"epoch": 1}' >&3
echo '{"artifact": "a/cm.csv"}' >&3
)");
  ASSERT_EQ(sweep().exit_code, 0) << only_run().error;
  std::vector<std::string> kept;
  for (const store::ArtifactRecord& artifact : query().artifacts(only_run().id)) {
    if (artifact.kind == store::ArtifactRecord::Kind::sample) {
      kept.push_back(text("epochal-store/" + artifact.path));
    }
  }
  EXPECT_EQ(std::set<std::string>(kept.begin(), kept.end()),
            (std::set<std::string>{"x,1\n", "y,2\n", "one\n", "two\n"}));
  EXPECT_EQ(kept.size(), 4U);
  expect_in(events(), "1 line was refused");
  expect_in(events(), "there is no such file");
  expect_in(events(), "1 artifact reported after the last epoch is not kept");
}

TEST_F(OddPrograms, TheSecondClientOfARunGetsAnError) {
  write_shell(
      "python3 -c 'import epochal, time\nrun = epochal.init()\nopen(\"first\", \"w\")\n"
      "while not __import__(\"os\").path.exists(\"second\"): time.sleep(0.02)\n"
      "for e in run.epochs(): run.log({\"a\": e})' &\n"
      "while test ! -e first; do sleep 0.02; done\n"
      "python3 -c 'import epochal; epochal.init()' 2> why\n"
      "'" EPOCHAL_CLIENT_PROGRAM
      "' 2>> why\n"
      "touch second; wait\n");
  ASSERT_EQ(sweep().exit_code, 0) << only_run().error;
  expect_in(text("why"),
            "RuntimeError: another process of this run has already connected to epochal");
  expect_in(text("why"), "epochal: another process of this run has already connected to epochal");
  EXPECT_EQ(epochs().at(0).metrics, (Metrics{{"a", 1}}));
}

TEST_F(OddPrograms, AClientAfterAnotherOneGetsAnErrorAtOnce) {
  const std::string client =
      "python3 -c 'import epochal\nrun = epochal.init()\n"
      "for e in run.epochs(): run.log({\"a\": e})'";
  write_file(program_ / "both",
             client + "\n" + client + " 2> why\n'" EPOCHAL_CLIENT_PROGRAM "' 2>> why\n");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(run({"track", "--", "sh", "-e", "both"}).exit_code, 1);
  EXPECT_EQ(run({"track", "--", "sh", "both"}).exit_code, 1);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 8s);
  expect_in(text("why"),
            "RuntimeError: another process of this run has already connected to epochal");
  expect_in(query().runs().back().error, "after its last epoch");
  expect_in(text("why"), "what():  epochal: another process of this run has already connected");
}

TEST_F(OddPrograms, AClientWaitsForTheFirstLineOnlyForAWhile) {
  write_shell(
      "head -n 1 <&3 > greeting\n"
      "python3 -c 'import epochal; epochal.init()' 2> python &\n'" EPOCHAL_CLIENT_PROGRAM
      "' 2> cpp\nwait\necho '{\"epoch\": 1}' >&3\n");
  ASSERT_EQ(sweep().exit_code, 0) << only_run().error;
  // One of the two has the lock, and waits.
  expect_in(text("python"), "has already connected to epochal");
  expect_in(text("cpp"), "has already connected to epochal");
}

TEST_F(OddPrograms, AProcessWhoseFilesWereClosedPrintsLines) {
  const std::string client =
      "run = epochal.init(rate=3)\n"
      "for e in run.epochs():\n"
      "    run.log({'a': run.rate + run.seed}, step=e)\n"
      "    run.log({'a': run.rate})\n"
      "    run.save(lambda folder: None)\n";
  for (const bool is_file : {false, true}) {
    write_python(
        "if len(sys.argv) == 1:\n"
        "    os.close(3)\n" +
            std::string(is_file ? "    assert os.open('train', os.O_RDONLY) == 3\n"
                                  "    os.set_inheritable(3, True)\n"
                                : "") +
            "    os.execvp('python3', ['python3', 'train', 'child'])\n" + client,
        "epochs=2\nseeds=[4]\n", "[command.parameters.rate]\ndefault=5\n");
    std::filesystem::remove_all(program_ / "epochal-store");
    ASSERT_EQ(sweep().exit_code, 0) << only_run().error << events();
    ASSERT_EQ(epochs().size(), 2U);
    EXPECT_EQ(epochs()[1].metrics, (Metrics{{"a", 5}}));
    EXPECT_EQ(steps_of_only_run(), (std::vector<std::string>{"1 a 1 9", "2 a 2 9"}));
  }
}

TEST_F(OddPrograms, OneThatCannotBeRecordedTrainsAllTheSame) {
  write_file(program_ / "by_hand.py",
             "import epochal\nrun = epochal.init(store='/proc/x', epochs=2)\n"
             "for e in run.epochs(): run.log({'a': e})\n");
  const Finished python = program_.shell("unset -f epochal; python3 by_hand.py");
  EXPECT_EQ(python.exit_code, 0) << python.err;
  expect_in(python.out, "epoch 2 of 2: a=2");
  expect_in(python.err, "epochal: this run is not recorded: ");
  EXPECT_EQ(python.err.find("not recorded"), python.err.rfind("not recorded")) << "once";
  const Finished cpp = program_.shell("unset -f epochal; " EPOCHAL_CLIENT_PROGRAM " /proc/x");
  EXPECT_EQ(cpp.exit_code, 0) << cpp.err;
  expect_in(cpp.out, "epoch 3 of 3:");
  expect_in(cpp.err, "epochal: this run is not recorded: ");
  // Whoever asked for a record by hand is told.
  EXPECT_EQ(run({"track", "--store", "/proc/x", "--", "true"}).exit_code, 2);
}

TEST_F(OddPrograms, OneThatIsKilledAfterItsLastEpochHasAllOfThem) {
  write_shell(
      "echo started >> starts\n"
      "for e in 1 2; do echo \"{\\\"epoch\\\": $e}\" >&3; done; kill -9 $$\n",
      "epochs=2");
  EXPECT_EQ(sweep().exit_code, 3);
  EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
  expect_in(events(), "after its last epoch");
  EXPECT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(only_run().status, store::RunStatus::finished);
  EXPECT_EQ(epochs().size(), 2U);
  EXPECT_EQ(text("starts"), "started\n");
}

TEST_F(OddPrograms, OneThatFailsAfterItsLastEpochIsNotFinishedByAnotherTry) {
  write_shell("echo started >> starts; echo '{\"epoch\": 1}' >&3; exit 3\n");
  EXPECT_EQ(sweep().exit_code, 1);
  EXPECT_EQ(run({"run", "s.toml", "--retry-failed"}).exit_code, 1);
  EXPECT_EQ(only_run().status, store::RunStatus::failed);
  EXPECT_EQ(text("starts"), "started\nstarted\n");
}

TEST_F(OddPrograms, CtrlCWhileItTidiesUpLosesNoEpoch) {
  write_shell(
      "echo started >> starts\n"
      "for e in 1 2; do echo \"{\\\"epoch\\\": $e}\" >&3; done; touch tidying; sleep 1000\n",
      "epochs=2", "grace=1\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_there("tidying") && has_epochs(2); }));
  kill(pid, SIGINT);
  exit_code_of(pid);
  EXPECT_EQ(only_run().status, store::RunStatus::finished) << program_.err();
  EXPECT_EQ(sweep().exit_code, 0);
  EXPECT_EQ(epochs().size(), 2U);
  EXPECT_EQ(text("starts"), "started\n");
}

TEST_F(OddPrograms, OneWithoutAResultIsSaid) {
  write_python("run = epochal.init()\nfor epoch in run.epochs():\n    break\n");
  EXPECT_EQ(sweep().exit_code, 1);
  expect_in(only_run().error, "the program ended before epoch 1 of 1");

  std::filesystem::remove_all(program_ / "epochal-store");
  const std::string pattern = "metrics=[{name='loss', pattern='los=(?P<value>.*)', better='lower'";
  write_shell("echo loss=3\n", "", pattern + "}]\n");
  EXPECT_EQ(sweep().exit_code, 0);
  expect_in(events(), "no line matched the pattern of loss");

  std::filesystem::remove_all(program_ / "epochal-store");
  write_shell("echo loss=3\n", "", pattern + ", objective=true}]\n");
  EXPECT_EQ(sweep().exit_code, 1);
  expect_in(only_run().error, "no line matched the pattern of loss, which is the objective");
}

TEST_F(OddPrograms, InputsBehindLinksCount) {
  write_file(program_ / "elsewhere/data", "one");
  std::filesystem::create_directories(program_ / "in");
  std::filesystem::create_directory_symlink(program_ / "elsewhere", program_ / "in/linked");
  std::filesystem::create_directory_symlink(program_ / "in", program_ / "in/round");
  write_shell("true\n");
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='command'\n[command]\nrun=['sh', 'train', 'other']\n"
             "inputs=['in', 'train']\n");
  write_file(program_ / "other", "");
  const Finished first = sweep();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  expect_in(first.err, "'other' is not among the inputs of [command]");
  expect_not_in(first.err, "'train' is not among");
  write_file(program_ / "elsewhere/data", "two");
  expect_in(sweep().err, "1 run, 1 to do");
}

TEST_F(OddPrograms, APathMayBeginAtHome) {
  program_.environment["HOME"] = program_.folder();
  write_file(program_ / "d/file", "one");
  write_shell("echo \"[$1]\"; echo \"$EPOCHAL_PARAMETERS\"\n", "",
              "[command.parameters.data]\ntype='path'\ndefault='~/d'\n");
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='command'\n[command]\nrun=['sh', 'train', '{data}']\n"
             "inputs=['train']\n[command.parameters.data]\ntype='path'\ndefault='~/d'\n");
  ASSERT_EQ(sweep().exit_code, 0);
  const std::string log = run({"log", "s:1"}).out;
  expect_in(log, "[" + program_.folder().string() + "/d]");
  expect_in(log, "{\"data\":\"" + program_.folder().string() + "/d\"}");
  write_file(program_ / "d/file", "two");
  expect_in(sweep().err, "1 run, 1 to do");
}

TEST_F(OddPrograms, APlaceholderWithinQuotesIsRefused) {
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='command'\n[command]\nshell=true\nrun='echo \"{word}\"'\n"
             "[command.parameters.word]\ndefault='$(touch pwned)'\n");
  expect_refusal(sweep(), "{word} is inside quotes");
  EXPECT_FALSE(is_there("pwned"));
}

TEST_F(OddPrograms, TrackPassesOutputAndErrorsThrough) {
  write_file(program_ / "train",
             "echo out; echo err >&2; yes 0123456789012345678901234567890123456789 | "
             "head -c 70000000; echo the end; echo the error >&2\n");
  const Finished done = succeed({"track", "--", "sh", "train"});
  EXPECT_TRUE(done.out.starts_with("out\n"));
  EXPECT_TRUE(done.out.ends_with("the end\n"));
  expect_not_in(done.out, "err");
  EXPECT_TRUE(done.err.starts_with("err\nthe error\n")) << done.err;
  const std::string log = run({"log", "@last"}).out;
  EXPECT_LT(log.size(), 68'000'000U);
  expect_in(log, "the program has printed 64 MiB; the rest is not kept");
}

TEST_F(OddPrograms, TrackWithinARunHasItsOwnLength) {
  write_shell("'" EPOCHAL_PROGRAM
              "' track --store inner -- sh -c 'echo \"[$EPOCHAL_SEED$EPOCHAL_EPOCHS]\"'\n");
  ASSERT_EQ(sweep().exit_code, 0);
  expect_in(run({"log", "s:1"}).out, "[]\n");
}

TEST_F(OddPrograms, ATrackedRunCannotBeReproduced) {
  ASSERT_EQ(run({"track", "--", "true"}).exit_code, 0);
  expect_refused({"reproduce", "@last", "--run-program"},
                 "a run of `epochal track` cannot be reproduced");
}

TEST_F(OddPrograms, TrackEndsWhereChildrenAreIgnored) {
  const Finished done =
      program_.shell("unset -f epochal; trap '' CHLD; exec '" EPOCHAL_PROGRAM "' track -- true");
  EXPECT_EQ(done.exit_code, 0) << done.err;
}

TEST_F(OddPrograms, CutLinesAreSaid) {
  write_shell("head -c 70000 /dev/zero | tr '\\0' y; echo\n");
  ASSERT_EQ(sweep().exit_code, 0);
  expect_in(events(), "1 line of its output longer than 64 KiB was cut");
}

TEST_F(OddPrograms, ARunThatKeepsNoStateSaysSoFromTheStart) {
  write_shell("touch started; sleep 1000\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return is_there("started"); }));
  EXPECT_EQ(query().choices(only_run().id).at(kResumeKind), kRestarted);
  kill(pid, SIGINT);
  exit_code_of(pid);
}

TEST_F(OddPrograms, AForkedProcessIsMute) {
  write_python(R"(
run = epochal.init()
for epoch in run.epochs():
    run.log({"a": 1}, step=1)
    if os.fork() == 0:
        run.log({"a": 1}, step=2)
        run.note("from the child")
        sys.exit()
    os.wait()
    run.log({"a": 1}, step=3)
)");
  ASSERT_EQ(sweep().exit_code, 0) << only_run().error;
  EXPECT_EQ(steps_of_only_run(), (std::vector<std::string>{"1 a 1 1", "1 a 3 1"}));
  expect_not_in(events(), "from the child");
  expect_not_in(events(), "refused");
}

}  // namespace
}  // namespace epochal::test

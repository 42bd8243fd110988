// Programs of one's own as experiments: through their output, through lines, and with a client.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>

#include "framework/command/command_experiment.h"
#include "framework/system/process.h"
#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

constexpr char kTrain[] = EPOCHAL_SOURCE_FOLDER "/tests/programs/train.py";

class Commands : public RecordedPrograms {
 protected:
  /// s.toml, which runs a script of sh.
  void write_shell_sweep(const std::string& script, const std::string& rest) {
    write_file(program_ / "train.sh", script);
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='command'\n" + rest.substr(0, rest.find("[command]")) +
                   "[command]\ninputs=['train.sh']\n" +
                   rest.substr(rest.find("[command]") + std::string("[command]\n").size()));
  }

  /// s.toml, which runs the program with the Python client.
  void write_python_sweep(const std::string& head, const std::string& rest = {}) {
    std::filesystem::copy_file(kTrain, program_ / "train.py",
                               std::filesystem::copy_options::overwrite_existing);
    write_file(program_ / "s.toml", "name='s'\nexperiment='command'\n" + head + R"(
[command]
run     = ["python3", "train.py"]
inputs  = ["train.py"]
metrics = [{ name = "train.loss", better = "lower", objective = true },
           { name = "height", better = "lower" }]
[command.parameters.learning_rate]
default = 0.1
[command.parameters.sleep]
default = 0.0
role    = "resource"
)" + rest);
  }

  static bool is_client(pid_t process) {
    const std::string command = read_file("/proc/" + std::to_string(process) + "/cmdline");
    return command.find("train.py") != std::string::npos ||
           command.find(EPOCHAL_CLIENT_PROGRAM) != std::string::npos;
  }

  void kill_often(int kills);
};

TEST_F(Commands, AProgramIsReadThroughItsOutputAlone) {
  write_shell_sweep(
      "for epoch in 1 2 3; do echo \"epoch $epoch of $2, rate=$1 loss=0.$epoch\"; done\n",
      R"(epochs=3
[sweep.grid]
rate = [0.5, 0.25]
[command]
run     = ["sh", "train.sh", "{rate}", "{epochs}"]
metrics = [{ name = "train.loss", pattern = 'epoch (?P<epoch>\d+) .*loss=(?P<value>\S+)', better = "lower", objective = true }]
[command.parameters.rate]
default = 1.0
max     = 2
)");
  const Finished dry = succeed({"run", "s.toml", "--dry-run"});
  expect_in(dry.out, "0.25");
  succeed({"run", "s.toml"});
  const auto all = metrics();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& [identity, epochs] : all) {
    EXPECT_EQ(epochs, (std::vector<Metrics>{
                          {{"train.loss", 0.1}}, {{"train.loss", 0.2}}, {{"train.loss", 0.3}}}));
  }
  EXPECT_EQ(only_run().experiment, "command:train");
  expect_in(run({"log", "s:1"}).out, "epoch 2 of 3, rate=0.5 loss=0.2");
  expect_in(run({"run", "s.toml"}).err, "2 runs, 0 to do, 2 finished before");
  expect_in(run({"run", "s.toml", "rate=3"}).err, "rate = 3 is out of range");
  expect_in(run({"run", "s.toml", "rat=1"}).err, "did you mean 'rate'?");
  EXPECT_EQ(run({"report", "s.toml", "-o", "report"}).exit_code, 0);
  // Changed inputs are another run.
  write_file(program_ / "train.sh", "echo 'epoch 3 loss=7'\n");
  expect_in(run({"run", "s.toml"}).err, "2 runs, 2 to do, 0 finished before");
}

TEST_F(Commands, AProgramSaysLines) {
  write_shell_sweep(R"(
echo "not a line: $EPOCHAL_SEED $EPOCHAL_EPOCHS $EPOCHAL_PROTOCOL $EPOCHAL_PARAMETERS"
echo '{"epoch": 1, "train.loss": 0.5, "samples": 64}' >&3
echo 'epochal: {"epoch": 2, "train.loss": NaN, "learning_rate": 0.25}'
echo '{"step": 12, "loss": 1}' >&$EPOCHAL_FD
echo '{"note": "all is well"}' >&$EPOCHAL_FD
)",
                    "epochs=2\nseeds=[7]\n[command]\nrun=['sh', 'train.sh']\n"
                    "[command.parameters.word]\ndefault='a\"b'\n");
  const Finished done = run({"run", "s.toml"});
  ASSERT_EQ(done.exit_code, 0) << done.err << run({"log", "s:1"}).out;
  const auto epochs = query().epochs(only_run().id);
  ASSERT_EQ(epochs.size(), 2u);
  EXPECT_EQ(epochs[0].samples, 64);
  EXPECT_EQ(epochs[0].metrics.at("train.loss"), 0.5);
  EXPECT_TRUE(std::isnan(epochs[1].metrics.at("train.loss")));
  EXPECT_EQ(epochs[1].learning_rate, 0.25);
  EXPECT_TRUE(has_event("note", "all is well"));
  EXPECT_EQ(steps().begin()->second.size(), 1u);
  expect_in(run({"log", "s:1"}).out, R"(not a line: 7 2 1 {"word":"a\"b"})");
}

TEST_F(Commands, ArtifactsOfAnyKindAreKeptAndShown) {
  write_shell_sweep(R"(
printf 'class,right\n<b>cats</b>,0.5\n' > scores.csv
printf '<script>alert(1)</script>\n' > words.txt
printf 'RIFF\020\0\0\0WAVEfmt ' > tone.wav
printf '{"histogram": {"edges": [0, 1, 2], "counts": [3, 7]}}' > weights.json
printf '[{"layer": "conv<1>", "norm": 2}]' > layers.json
printf '\001\000\002' > "$EPOCHAL_RUN_FOLDER/dump.exe"
truncate -s 65M large.bin
for file in scores.csv words.txt tone.wav weights.json layers.json dump.exe large.bin none; do
  echo "{\"artifact\": \"$file\", \"caption\": \"this is $file\"}" >&3
done
echo '{"epoch": 1, "a": 1}' >&3
)",
                    "[command]\nrun=['sh', 'train.sh']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0) << run({"log", "s:1"}).out;
  std::map<std::string, std::string> types;
  const std::vector<store::ArtifactRecord> kept = query().artifacts(only_run().id);
  for (const store::ArtifactRecord& artifact : kept) {
    if (artifact.type) types[artifact.name] = name_of(*artifact.type);
  }
  EXPECT_EQ(types, (std::map<std::string, std::string>{{"scores", "table"},
                                                       {"words", "text"},
                                                       {"tone", "audio"},
                                                       {"weights", "histogram"},
                                                       {"layers", "table"},
                                                       {"dump", "file"}}));
  EXPECT_TRUE(has_event("lines", "2 lines were refused"));
  EXPECT_TRUE(has_event("lines", "its artifact is larger than 64 MiB"));
  expect_in(run({"show", "s:1"}).out, "sample      histogram");
  expect_in(run({"show", "s:1"}).out, "(this is tone.wav)");

  ASSERT_EQ(run({"report", "s.toml", "-o", "report"}).exit_code, 0);
  const std::string page = read_file(program_ / "report/index.html");
  for (const std::string part :
       {"<td>&lt;b&gt;cats&lt;/b&gt;</td><td>0.5</td>",
        "<pre>&lt;script&gt;alert(1)&lt;/script&gt;", "<audio controls", "data:audio/wav;base64,",
        "10 values in 2 bins", "<td>conv&lt;1&gt;</td><td>2</td>", "file, 3 B"}) {
    expect_in(page, part);
  }
  expect_not_in(page, "<script>alert");

  ASSERT_EQ(run({"export", "--to", "mlflow", "exported"}).exit_code, 0);
  ASSERT_EQ(run({"merge", "epochal-store", "--store", "other"}).exit_code, 0);
  std::size_t exported = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(program_ / "exported")) {
    exported += entry.path().filename() == "tone-epoch-0001.wav" ? 1 : 0;
  }
  EXPECT_EQ(exported, 1u);
  const std::vector<store::ArtifactRecord> merged = query("other").artifacts(only_run("other").id);
  ASSERT_EQ(merged.size(), kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    EXPECT_EQ(merged[i].type, kept[i].type);
    EXPECT_EQ(read_file(program_ / ("other/" + merged[i].path)),
              read_file(program_ / ("epochal-store/" + kept[i].path)));
  }
}

TEST_F(Commands, AProgramWithoutEpochsIsOne) {
  write_shell_sweep("echo hello; exit 0\n", "[command]\nrun=['sh', 'train.sh']\n");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(only_run().epochs_done, 1);
  EXPECT_EQ(run({"run", "s.toml", "epochs=2", "--restart-longer"}).exit_code, 1);
  expect_in(only_run().error, "reported none of its 2 epochs");
}

TEST_F(Commands, AShellIsUsedOnlyWhereAsked) {
  write_shell_sweep("echo \"[$1]\"\n",
                    "[command]\nshell=true\nrun='sh train.sh {word} | tr a-z A-Z'\n"
                    "[command.parameters.word]\ndefault='$HOME; touch broken'\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  expect_in(run({"log", "s:1"}).out, "[$HOME; TOUCH BROKEN]");
  EXPECT_FALSE(std::filesystem::exists(program_ / "broken"));
}

TEST_F(Commands, AFailureIsSaid) {
  write_shell_sweep("echo '{\"epoch\": 1}' >&3; exit 3\n",
                    "epochs=2\n[command]\nrun=['sh', 'train.sh']\n");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 1);
  expect_in(only_run().error, "the program ended with exit code 3 in epoch 2 of 2");
  EXPECT_EQ(only_run().epochs_done, 1);
  write_file(program_ / "train.sh", "for e in 1 2; do echo \"{\\\"epoch\\\": $e}\" >&3; done");
  EXPECT_EQ(run({"run", "s.toml"}).exit_code, 0) << "another script is another run";
}

TEST_F(Commands, ValuesByStepAreKeptDrawnAndExported) {
  write_shell_sweep(
      "for step in $(seq 10 10 3000); do echo \"{\\\"step\\\": $step, \\\"loss\\\": 0.$step}\"; "
      "done "
      ">&$EPOCHAL_FD\n"
      "echo 'epochal: {\"step\": 5, \"loss\": 1}'\n"
      "echo 'epochal: {\"epoch\": 1, \"val.loss\": 0.5}'\n",
      "epochs=1\n[command]\nrun=['sh', 'train.sh']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(steps().begin()->second.size(), 300u);
  EXPECT_TRUE(has_event("lines", "step 5 of 'loss' came after step 3000"));
  expect_in(run({"show", "@last"}).out, "300 values of loss");
  expect_in(run({"sql", "select count(*), min(step), max(step) from steps"}).out, "3000");
  ASSERT_EQ(run({"report", "s.toml", "-o", "report"}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(program_ / "report/figures/steps-loss.svg"));
  ASSERT_EQ(run({"export", "--to", "csv", "csv"}).exit_code, 0);
  expect_in(read_file(program_ / "csv/steps.csv"), ",1,loss,3000,0.3");
  ASSERT_EQ(run({"export", "--to", "json", "json"}).exit_code, 0);
  expect_in(read_file(program_ / "json/runs.json"), "\"steps\":{\"loss\":");
  ASSERT_EQ(run({"merge", "epochal-store", "--store", "other"}).exit_code, 0);
  EXPECT_EQ(steps("other"), steps());
}

TEST_F(Commands, AnExportToMlflowHasValuesByStepBesideThoseByEpoch) {
  write_shell_sweep(
      "for step in 10 20 30; do echo \"{\\\"step\\\": $step, \\\"loss\\\": 0.5}\"; done "
      ">&$EPOCHAL_FD\n"
      "echo '{\"epoch\": 1, \"val.loss\": 7}' >&$EPOCHAL_FD\n",
      "epochs=1\n[command]\nrun=['sh', 'train.sh']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"export", "--to", "mlflow", "mlruns"}).exit_code, 0);
  const std::filesystem::path metrics =
      program_ / "mlruns/1" / only_run().identity.substr(0, 32) / "metrics";
  expect_in(read_file(metrics / "val.loss"), " 7 1\n");
  const std::string values = read_file(metrics / "steps/loss");
  EXPECT_EQ(std::count(values.begin(), values.end(), '\n'), 3) << values;
  expect_in(values, " 0.5 30\n");

  ASSERT_EQ(run({"import", "--from", "mlflow", "mlruns", "--store", "back"}).exit_code, 0);
  const store::Query back = query("back");
  ASSERT_EQ(back.runs().size(), 1u);
  EXPECT_EQ(back.runs().front().epochs_done, 1) << "steps became epochs";
}

TEST_F(Commands, OfASweepWithAPluginEachIsToldByItsOwnObjective) {
  write_shell_sweep("echo '{\"epoch\": 1, \"reward\": 0.25}' >&$EPOCHAL_FD\n",
                    "epochs=1\n[command]\nrun=['sh', 'train.sh']\nmetrics=[{name='reward', "
                    "better='higher', objective=true}]\n[params]\nlearning_rate=0.1\n");
  const std::string sweep = read_file(program_ / "s.toml");
  const std::string one = "experiment='command'";
  write_file(program_ / "s.toml", std::string(sweep).replace(sweep.find(one), one.size(),
                                                             "experiment=['noop', 'command']"));
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(query().runs().size(), 2u);
  expect_in(run({"show", "@best"}).err, "runs of the sweep 's' are of different experiments");
  expect_in(run({"ls"}).out, "reward");
  expect_in(run({"run", "s.toml", "--dry-run"}).out, "command:");
  ASSERT_EQ(run({"report", "s.toml", "-o", "report"}).exit_code, 0);
  const std::string page = read_file(program_ / "report/report.md");
  expect_in(page, ": val.loss begins at");
  expect_in(page, ": reward begins at 0.25");
  expect_not_in(page, "without a finite value");
}

TEST_F(Commands, HostileLinesAreCountedAndKept) {
  write_shell_sweep(R"(
echo '{"epoch": 99, "a": 1}' >&3
echo '{"epoch": 1, "a": {"b": []}}' >&3
echo 'nonsense' >&3
head -c 300000 /dev/zero | tr '\0' x >&3; echo >&3
head -c 300000 /dev/zero | tr '\0' y; echo
printf '\033[2J{\0' >&3; echo >&3
echo '{"saved": true}' >&3
echo '{"epoch": 1, "a": 1}' >&3
echo '{"epoch": 1, "a": 2}' >&3
)",
                    "[command]\nrun=['sh', 'train.sh']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(metrics_of_only_run(), (std::vector<Metrics>{{{"a", 1}}}));
  EXPECT_TRUE(has_event("lines", "7 lines were refused; the first: '{\"epoch\": 99"));
  expect_in(run({"log", "s:1"}).out, "ignores the line 'nonsense': it is not JSON");
}

TEST_F(Commands, WhatKeepsNoStateBeginsAgain) {
  write_shell_sweep(
      "echo started >> starts\n"
      "for epoch in 1 2 3 4; do echo \"epochal: {\\\"epoch\\\": $epoch, \\\"a\\\": $epoch}\";\n"
      "test $epoch = 2 && test ! -e free && sleep 1000; done; true\n",
      "epochs=4\n[command]\nrun=['sh', 'train.sh']\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(2); }));
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  EXPECT_EQ(only_run().epochs_done, 2);
  write_file(program_ / "free", "");
  succeed({"run", "s.toml"});
  EXPECT_EQ(metrics_of_only_run().size(), 4u);
  EXPECT_TRUE(has_event("rollback", "resuming after epoch 0"));
  EXPECT_EQ(query().choices(only_run().id).at(kResumeKind), "restarted");
  EXPECT_EQ(read_file(program_ / "starts"), "started\nstarted\n");
}

/// All values as their bits, which are equal for a NaN too.
std::map<std::string, std::vector<std::map<std::string, std::uint64_t>>> bits_of(
    const std::map<std::string, std::vector<Metrics>>& metrics) {
  std::map<std::string, std::vector<std::map<std::string, std::uint64_t>>> bits;
  for (const auto& [identity, epochs] : metrics) {
    for (const Metrics& epoch : epochs) {
      auto& of_epoch = bits[identity].emplace_back();
      for (const auto& [name, value] : epoch) of_epoch[name] = std::bit_cast<std::uint64_t>(value);
    }
  }
  return bits;
}

/// Runs s.toml whole, and again with SIGKILLs at random moments; both must end with equal bits.
void Commands::kill_often(int kills) {
  ASSERT_EQ(run({"run", "s.toml", "--jobs", "2", "--store", "whole"}).exit_code, 0);

  const unsigned seed = std::random_device{}();
  std::cout << kills << " kills, with the random seed " << seed << '\n';
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> milliseconds(50, 700);
  std::uniform_int_distribution<int> coin(0, 3);
  for (int killed = 0; killed < kills; ++killed) {
    const pid_t pid = program_.start({"run", "s.toml", "--jobs", "2"});
    if (killed == 0) {
      // One kill at least strikes runs that go on, however slowly they start.
      EXPECT_TRUE(wait_until([&] {
        try {
          return !query().open_attempts().empty();
        } catch (const Error&) {  // there is no store yet
          return false;
        }
      }));
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds(random)));
    }
    const int who = coin(random);  // the parent, its workers, both, or a program
    const bool had_store = has_store();
    if (had_store && (who == 1 || who == 2)) kill_workers();
    // Its number may be somebody else's by now.
    const pid_t client = process_in("pid");
    if (who == 3 && client > 0 && is_client(client)) kill(client, SIGKILL);
    if (who != 1) kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    if (had_store) {
      ASSERT_TRUE(query().health().is_sound());
    }
  }
  const Finished last = run_until_workers_are_gone({"run", "s.toml"});
  ASSERT_EQ(last.exit_code, 0) << last.err;
  std::size_t most_attempts = 0;
  const store::Query records = query();
  for (const store::RunRecord& record : records.runs()) {
    most_attempts = std::max(most_attempts, records.attempts(record.id).size());
  }
  EXPECT_GT(most_attempts, 1U) << "none was killed while it ran";
  EXPECT_EQ(bits_of(metrics()), bits_of(metrics("whole")));
  EXPECT_EQ(steps(), steps("whole"));
  EXPECT_EQ(checkpoints("epochal-store"), checkpoints("whole"));
  EXPECT_EQ(query().choices(only_run().id).at(kResumeKind), "exact");
}

TEST_F(Commands, APythonClientKilledAtAnyMomentEndsWithTheSameBits) {
  const int kills = kills_asked(6);
  write_python_sweep("epochs=" + std::to_string(kills + 5) +
                     "\n[params]\nsleep=0.03\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n");
  kill_often(kills);
}

TEST_F(Commands, ACppClientKilledAtAnyMomentEndsWithTheSameBits) {
  const int kills = kills_asked(6);
  write_file(program_ / "s.toml",
             "name='s'\nexperiment='command'\nepochs=" + std::to_string(2 * kills + 5) +
                 "\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n"
                 "[command]\nname='cpp'\nrun=['" EPOCHAL_CLIENT_PROGRAM
                 "']\n[command.parameters.learning_rate]\ndefault=0.3\n"
                 "[command.parameters.sleep]\ndefault=0.03\n"
                 "[command.parameters.name]\ndefault='killed'\n");
  kill_often(kills);
}

TEST_F(Commands, ACppClientGoesOnExactly) {
  write_file(program_ / "s.toml", std::string(R"(
name='s'
experiment='command'
epochs=5
seeds=[0, 3]
[command]
name='cpp'
run=[')") + EPOCHAL_CLIENT_PROGRAM + R"(']
[command.parameters.learning_rate]
default=0.3
[command.parameters.name]
default="naïve \"x\"\n\\"
)");
  ASSERT_EQ(run({"run", "s.toml", "--store", "whole"}).exit_code, 0);
  ASSERT_EQ(run({"run", "s.toml", "epochs=2"}).exit_code, 0);
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(metrics().size(), 2u);
  EXPECT_EQ(steps(), steps("whole"));
  EXPECT_EQ(steps().begin()->second.size(), 15u);
  for (const auto& [identity, epochs] : metrics("whole")) {
    ASSERT_EQ(epochs.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_EQ(metrics().at(identity)[i].at("train.loss"), epochs[i].at("train.loss"));
      EXPECT_TRUE(std::isnan(epochs[i].at("nothing")));
    }
  }
  EXPECT_TRUE(has_event("note", "it is called \"naïve \"x\"\n\\\""));
  EXPECT_EQ(query().epochs(only_run().id)[0].samples, 32);
}

TEST_F(Commands, ABudgetEndsARunAndTheRestFollows) {
  write_python_sweep("epochs=40\n[params]\nsleep=0.5\n");
  const Finished first = run({"run", "s.toml", "--budget", "4s"});
  EXPECT_EQ(first.exit_code, 3) << first.err;
  const Epoch done = only_run().epochs_done;
  EXPECT_GE(done, 1);
  EXPECT_LT(done, 40);
  ASSERT_EQ(run({"run", "s.toml", "sleep=0"}).exit_code, 0);
  const auto all = query().epochs(only_run().id);
  EXPECT_EQ(all.size(), 40u);
  EXPECT_EQ(query().attempts(only_run().id).back().first_epoch, done + 1);
}

TEST_F(Commands, ARuleStopsAClientWhichIsTold) {
  write_python_sweep("epochs=9\n", "[stop]\nmetric='height'\npatience=2\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  EXPECT_EQ(only_run().status, store::RunStatus::stopped);
  EXPECT_EQ(only_run().epochs_done, 3);
  EXPECT_EQ(read_file(program_ / "ended"), "rule\n");
}

TEST_F(Commands, CtrlCStopsInTheMiddleOfAnEpoch) {
  write_python_sweep("epochs=3\n[params]\nsleep=1000\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return process_in("pid") > 0; }));
  const pid_t client = process_in("pid");
  kill(pid, SIGINT);
  EXPECT_EQ(exit_code_of(pid), 3) << program_.err();
  EXPECT_TRUE(is_gone(client));
  EXPECT_EQ(only_run().status, store::RunStatus::interrupted);
}

TEST_F(Commands, NothingOutlivesAWorkerThatIsKilled) {
  write_shell_sweep(
      "(setsid sh -c 'trap \"\" TERM; echo $$ > orphan; exec sleep 1000' &)\n"
      "echo $$ > self\nsleep 1000\n",
      "[command]\nrun=['sh', 'train.sh']\n");
  const pid_t pid = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return process_in("orphan") > 0 && process_in("self") > 0; }));
  const pid_t orphan = process_in("orphan");
  const pid_t self = process_in("self");
  EXPECT_TRUE(process_start_ticks(orphan));
  kill_workers();
  EXPECT_TRUE(is_gone(orphan));
  EXPECT_TRUE(is_gone(self));
  waitpid(pid, nullptr, 0);
}

TEST_F(Commands, CanBeReproducedAndForecast) {
  write_python_sweep("epochs=3\n[params]\nsleep=0.01\n");
  succeed({"forecast", "s.toml"});
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const Finished again = succeed({"reproduce", "s:1", "--run-program"});
  expect_in(again.out, "all 3 epochs are bit-identical");
  write_file(program_ / "train.py", "print('changed')\n");
  expect_in(run({"reproduce", "s:1", "--run-program"}).err, "its data have changed");
}

TEST_F(Commands, TheRecordSaysWhatAProgramUses) {
  write_shell_sweep(
      "python3 -c 'x = b\"x\" * 150_000_000; import time\n"
      "end = time.time() + 1.2\nwhile time.time() < end: pass'\n",
      "[command]\nrun=['sh', 'train.sh']\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const store::EpochRecord epoch = query().epochs(only_run().id).at(0);
  EXPECT_GT(epoch.peak_host_memory.value_or(0), 140'000'000);
  EXPECT_GT(epoch.cpu_use.value_or(0) * query().attempts(only_run().id)[0].threads, 0.1);
}

TEST_F(Commands, AClientPrintsWhereThereIsNoEpochal) {
  std::filesystem::copy_file(kTrain, program_ / "train.py");
  const Finished alone = program_.shell("python3 train.py");
  EXPECT_EQ(alone.exit_code, 0) << alone.err;
  expect_in(alone.out, "epoch 3 of 3: train.loss=");
  const Finished cpp = program_.shell(EPOCHAL_CLIENT_PROGRAM);
  expect_in(cpp.out, "epoch 3 of 3: nothing=nan train.loss=");
}

}  // namespace
}  // namespace epochal::test

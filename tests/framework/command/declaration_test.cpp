#include "framework/command/declaration.h"

#include <gtest/gtest.h>

#include "framework/command/command_experiment.h"
#include "framework/command/placeholders.h"
#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"
#include "tests/support/temporary_folder.h"

namespace epochal {
namespace {

using test::expect_error;

const std::string kCommandHead = "name = \"s\"\nexperiment = \"command\"\n";
const std::string kWhole = kCommandHead + R"([command]
run     = ["python3", "train.py", "--lr", "{learning_rate}", "--seed={seed}"]
inputs  = ["train.py"]
grace   = 3
first_epoch = 0
metrics = [ { name = "train.loss", pattern = 'epoch (?P<epoch>\d+).*loss=(?P<value>\S+)' },
            { name = "val.accuracy", better = "higher", objective = true, unit = "%" } ]
[command.parameters.learning_rate]
type = "real"
default = 1
min = 0
max = 10
doc = "step size"
[command.parameters.kind]
default = "a"
choices = ["a", "b"]
role = "resource"
)";

Sweep parsed(const std::string& text) {
  return parse_sweep(text, "s.toml");
}
auto parsing_command(const std::string& text) {
  return [text] { parsed(text); };
}
auto parsing_run(const std::string& run) {
  return parsing_command(kCommandHead + "[command]\nrun = " + run + "\n");
}

TEST(CommandTable, DeclaresAProgram) {
  const Sweep sweep = parsed(kWhole);
  EXPECT_EQ(sweep.experiments, std::vector<std::string>{"command:train"});
  const CommandDeclaration& command = *sweep.command;
  EXPECT_EQ(command.run.size(), 5u);
  EXPECT_EQ(command.folder, std::filesystem::current_path());
  EXPECT_EQ(command.grace, std::chrono::seconds(3));
  EXPECT_EQ(command.objective, "val.accuracy");
  const ExperimentInfo info = command_experiment(command);
  EXPECT_EQ(info.schema.find("learning_rate")->fallback, ParameterValue(1.0));
  EXPECT_EQ(info.schema.find("kind")->role, ParameterRole::resource);
  EXPECT_EQ(find_metric(info, "val.accuracy")->better, Better::higher);
}

TEST(CommandTable, ComesBackFromTheStoreAsItWas) {
  const CommandDeclaration command = *parsed(kWhole).command;
  const CommandDeclaration again = command_from_json(to_json(command));
  EXPECT_EQ(to_json(again), to_json(command));
  EXPECT_EQ(build_of(again), build_of(command));
  expect_error("broken", [] { command_from_json("{}"); });
  expect_error("broken", [] { command_from_json("no JSON"); });
}

TEST(CommandTable, IsAnotherBuildWhenItChanges) {
  const std::string before = build_of(*parsed(kWhole).command);
  std::string text = kWhole;
  text.replace(text.find("--seed="), 7, "--sneed=");
  EXPECT_NE(build_of(*parsed(text).command), before);
  EXPECT_NE(content_hash(parsed(text)), content_hash(parsed(kWhole)));
}

TEST(CommandTable, NamesThePlaceOfWhatIsWrong) {
  expect_error("s.toml:2:14: the sweep does not say which command", parsing_command(kCommandHead));
  expect_error("does not say what to run", parsing_command(kCommandHead + "[command]\n"));
  expect_error("s.toml:4:7: run must be a list of words", parsing_run("\"ls -l\""));
  expect_error("s.toml:4:14: {lr} is not a parameter of the command",
               parsing_run(R"(["ls", "{lr}"])"));
  expect_error("unmatched brace", parsing_run(R"(["ls", "{lr"])"));
  expect_error("did you mean 'run'?",
               parsing_command(kCommandHead + "[command]\nrum = [\"ls\"]\n"));
  expect_error("no group named value",
               parsing_command(kCommandHead +
                               "[command]\nrun=[\"ls\"]\nmetrics=[{name=\"a\", pattern=\"x\"}]\n"));
  expect_error(
      "does not say whether lower or higher is better",
      parsing_command(kCommandHead +
                      "[command]\nrun=[\"ls\"]\nmetrics=[{name=\"a\", objective=true}]\n"));
  const std::string run = kCommandHead + "[command]\nrun=[\"ls\"]\n";
  expect_error("s.toml:5:16: 'epoch' cannot be the name of a metric",
               parsing_command(run + "metrics=[{name=\"epoch\"}]\n"));
  expect_error("s.toml:7:5: the min of a is greater than its max",
               parsing_command(run + "[command.parameters.a]\ndefault=3\nmin=3\nmax=2\n"));
  expect_error("has no default", parsing_command(run + "[command.parameters.a]\ntype=\"real\"\n"));
  expect_error("s.toml:6:9: ", parsing_command(run + "[command.parameters.a]\ndefault=5\nmax=3\n"));
  expect_error("out of range", parsing_command(run + "[command.parameters.a]\ndefault=5\nmax=3\n"));
  expect_error("cannot be a parameter",
               parsing_command(run + "[command.parameters.seed]\ndefault=5\n"));
  expect_error("did you mean 'real'?",
               parsing_command(run + "[command.parameters.a]\ndefault=5\ntype=\"reel\"\n"));
  expect_error("[command] is for experiment = \"command\", not 'noop'",
               parsing_command("name='s'\nexperiment='noop'\n[command]\nrun=['ls']\n"));
}

TEST(CommandTable, IsNamedByItsScript) {
  const auto name = [](const std::string& rest) {
    return parsed(kCommandHead + "[command]\n" + rest).experiments.front();
  };
  EXPECT_EQ(name("run=['python3','src/My Train.py']\ninputs=['src/My Train.py']"),
            "command:my-train");
  EXPECT_EQ(name("run=['./digits','x']"), "command:digits");
  EXPECT_EQ(name("run='make train | tee log'\nshell=true"), "command:make");
  EXPECT_EQ(name("name='other'\nrun=['ls']"), "command:other");
}

TEST(Placeholders, AreFilled) {
  EXPECT_EQ(filled("--lr={lr}{{x}}", {{"lr", "0.1"}}), "--lr=0.1{x}");
  EXPECT_EQ(placeholders_of("{a}-{b}"), (std::vector<std::string>{"a", "b"}));
  for (const char* broken : {"{", "}", "{a", "a}", "{a{b}", "{{}"}) {
    expect_error("unmatched brace", [&] { placeholders_of(broken); });
  }
  expect_error("is not a parameter", [] { filled("{a}", {}); });
}

class CommandInputs : public testing::Test {
 protected:
  std::string fingerprint() {
    CommandDeclaration command;
    command.name = "c";
    command.run = {"sh", "train.sh"};
    command.inputs = std::vector<std::string>{"train.sh", "data"};
    command.folder = folder_.path();
    const ExperimentInfo info = command_experiment(command);
    return info.create_inspector()->inspect({}).data;
  }

  test::TemporaryFolder folder_;
};

TEST_F(CommandInputs, DecideTheFingerprintByTheirContents) {
  test::write_file(folder_ / "train.sh", "echo 1");
  test::write_file(folder_ / "data/a", "a");
  const std::string before = fingerprint();
  EXPECT_EQ(before.size(), 64u);
  test::write_file(folder_ / "data/.hidden", "x");
  test::write_file(folder_ / "data/__pycache__/x.pyc", "x");
  test::write_file(folder_ / "data/epochal-store/epochal.db", "x");
  EXPECT_EQ(fingerprint(), before);
  test::write_file(folder_ / "data/b", "");
  const std::string with_another_file = fingerprint();
  EXPECT_NE(with_another_file, before);
  test::write_file(folder_ / "train.sh", "echo 2");
  EXPECT_NE(fingerprint(), with_another_file);
}

TEST_F(CommandInputs, MustBeThere) {
  test::write_file(folder_ / "train.sh", "echo 1");
  expect_error("the input 'data' of the command does not exist", [&] { fingerprint(); });
  CommandDeclaration command;
  command.run = {"no-such-program"};
  command.folder = folder_.path();
  expect_error("'no-such-program' of the command cannot be run",
               [&] { command_experiment(command).create_inspector()->inspect({}); });
  command.run = {"./train.sh"};
  expect_error("check that it is executable",
               [&] { command_experiment(command).create_inspector()->inspect({}); });
}

}  // namespace
}  // namespace epochal

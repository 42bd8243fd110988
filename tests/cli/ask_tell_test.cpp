// `epochal ask` and `epochal tell`, from a shell and from several processes at a time.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kAskedSweep[] =
    "name = \"branin\"\nexperiment = \"command\"\n[params]\ncolour = \"deep blue\"\n"
    "[sweep.search]\ntrials = 6\nstartup = 3\nmetric = \"value\"\nmode = \"min\"\n"
    "x = { uniform = [-5, 10] }\ny = { int_uniform = [0, 15] }\n";

class AskTell : public ProgramTest {
 protected:
  AskTell() { write_file(program_ / "branin.toml", kAskedSweep); }

  Finished ask() { return run({"ask", "branin.toml", "--json"}); }

  /// Asks, and returns the name of the run.
  std::string asked_run() {
    const auto answer = nlohmann::json::parse(ask().out);
    return answer.at("run").get<std::string>();
  }
};

TEST_F(AskTell, GiveAPointAndTakeItsValue) {
  const auto point = nlohmann::json::parse(ask().out);
  EXPECT_EQ(point.at("trial"), 0);
  EXPECT_EQ(point.at("seed"), 0);
  EXPECT_EQ(point.at("parameters").at("colour"), "deep blue");
  EXPECT_TRUE(point.at("parameters").at("x").is_number_float());
  EXPECT_TRUE(point.at("parameters").at("y").is_number_integer());
  const std::string name = point.at("run").get<std::string>();
  expect_in(run({"ls"}).out, "running");
  expect_refused({"rm", name}, "--failed REASON`");

  const Finished told = succeed({"tell", name, "-1.5e-3"});
  expect_in(told.err, "run " + name + " finished");
  const store::RunRecord record = query().run_named(name);
  EXPECT_EQ(record.status, store::RunStatus::finished);
  EXPECT_EQ(query().epochs(record.id).at(0).metrics.at("value"), -1.5e-3);
  EXPECT_EQ(query().declarations().objective(record), "value");
  expect_in(run({"show", name}).out, "trial         0 of the search 'branin'");
  expect_refused({"tell", name, "2"}, "the run is finished: it was told already");
}

TEST_F(AskTell, ARunOfEpochalRunIsNotTold) {
  write_file(program_ / "slow.toml",
             "name = 'slow'\nexperiment = 'noop'\nepochs = 2\n[params]\nsleep = 1\n"
             "[sweep.search]\ntrials = 1\nlearning_rate = { uniform = [0.1, 1] }\n");
  const Finished done = program_.shell(
      "epochal run slow.toml 2>log & for i in $(seq 200); do epochal tell slow:1 0 2>why && break; "
      "grep -q doing why && break; sleep 0.05; done; wait; cat why >&2");
  expect_in(done.err, "`epochal run` is doing the run");
  EXPECT_EQ(query().runs().at(0).epochs_done, 2);
}

TEST_F(AskTell, PrintLinesForAShell) {
  const Finished lines = succeed({"ask", "branin.toml"});
  expect_in(lines.out, "\ncolour='deep blue'\n");
  EXPECT_EQ(lines.out.rfind("run=", 0), 0u);
}

TEST_F(AskTell, EndWhenAllTrialsAreAskedFor) {
  for (int i = 0; i < 6; ++i) EXPECT_EQ(run({"tell", asked_run(), std::to_string(i)}).exit_code, 0);
  const Finished none = ask();
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.out, "");
  expect_in(none.err, "all 6 trials of 'branin' have been asked for");
  EXPECT_EQ(run({"ask", "branin", "--json"}).exit_code, 1) << "the recorded sweep";
  EXPECT_EQ(run({"ask", "branin", "trials=7", "--json"}).exit_code, 0) << "the same with more";
  EXPECT_EQ(run({"ask", "branin.toml", "trials=8"}).exit_code, 0);
  const auto trials = query().search_trials(query().newest_sweep()->id, "value");
  EXPECT_TRUE(trials.at(3).first.is_model);
  EXPECT_EQ(trials.at(3).first.ended, "0-2");
}

TEST_F(AskTell, EndWhenAllPointsAreAskedFor) {
  write_file(program_ / "branin.toml",
             "name = 'two'\nexperiment = 'command'\n[sweep.search]\ntrials = 1000000\n"
             "metric = 'value'\nmode = 'min'\nx = { choice = ['a', 'b'] }\n");
  for (const char* value : {"1", "2"}) succeed({"tell", asked_run(), value});
  const Finished none = ask();
  EXPECT_EQ(none.exit_code, 1);
  expect_in(none.err, "all points that the search of 'two' finds have been asked for");
  EXPECT_EQ(query().runs().size(), 2u);
  EXPECT_LT(query().search_trials(query().newest_sweep()->id, "value").size(), 200u);
}

TEST_F(AskTell, KnowOfPrunedAndFailedTrials) {
  const std::string pruned = asked_run();
  EXPECT_EQ(run({"tell", pruned, "7", "--pruned"}).exit_code, 0);
  EXPECT_EQ(query().run_named(pruned).status, store::RunStatus::stopped);
  const std::string given_up = asked_run();
  EXPECT_EQ(run({"tell", given_up, "--pruned"}).exit_code, 0);
  const std::string failed = asked_run();
  EXPECT_EQ(run({"tell", failed, "--failed", "no memory"}).exit_code, 0);
  EXPECT_EQ(query().run_named(failed).error, "no memory");
  ask();
  const auto trials = query().search_trials(query().newest_sweep()->id, "value");
  EXPECT_EQ(trials.at(3).first.ended, "0-1");
}

TEST_F(AskTell, SayWhatIsWrong) {
  const std::string name = asked_run();
  expect_refused({"tell", name}, "VALUE is missing");
  expect_refused({"tell", name, "low"}, "VALUE must be a number, not 'low'");
  expect_refused({"tell", name, "1", "--failed", "x"}, "a failed run has no value");
  expect_refused({"tell", name, "--failed", ""}, "--failed: the reason is empty");
  expect_refused({"tell", "abc123", "1"}, "no run starts with 'abc123'");
  write_file(program_ / "hyphen.toml",
             "name = 'h'\nexperiment = 'command'\n[sweep.search]\nmetric = 'value'\nmode = 'min'\n"
             "'my-rate' = { uniform = [0, 1] }\n");
  expect_refused({"ask", "hyphen.toml"}, "'my-rate' is not a name for a parameter");
  expect_refused({"run", "branin.toml"}, "names no program that epochal could start");
  expect_refused({"forecast", "branin.toml"}, "names no program that epochal could start");
  write_file(program_ / "noop.toml",
             "name = \"n\"\nexperiment = \"noop\"\n[sweep.search]\n"
             "learning_rate = { uniform = [0, 1] }\n");
  expect_refused({"ask", "noop.toml"}, "epochal itself does the runs of the sweep 'n'");
  write_file(program_ / "grid.toml",
             "name = \"g\"\nexperiment = \"noop\"\n[sweep.grid]\nlearning_rate = [1]\n");
  expect_refused({"ask", "grid.toml"}, "the sweep 'g' has no search to ask");
  write_file(program_ / "blind.toml",
             "name = \"b\"\nexperiment = \"command\"\n[sweep.search]\nx = { uniform = [0, 1] }\n");
  expect_refused({"ask", "blind.toml"}, "the search does not say which value its program tells");
}

TEST_F(AskTell, HaveNoRunsOfSeveralEpochs) {
  for (const char* length : {"epochs = 3", "epochs = '1 + y'", "steps = 11", "images = 200"}) {
    write_file(program_ / "long.toml", std::string(length) + "\n" + kAskedSweep);
    const std::string key(length, std::string(length).find(' '));
    expect_refused({"ask", "long.toml"},
                   "a run of `epochal ask` has one epoch, but the sweep 'branin' sets " + key);
  }
  expect_refused({"ask", "branin.toml", "epochs=3"}, "leave epochs out");
  EXPECT_FALSE(has_store()) << "nothing is recorded";
  EXPECT_EQ(run({"ask", "branin.toml", "epochs=1"}).exit_code, 0);
}

TEST_F(AskTell, ATrialWhoseAskerDiedBeforeItPrintedIsGivenAgain) {
  const std::string name = asked_run();
  change_store("update run set status = 'queued'; delete from attempt");
  EXPECT_EQ(asked_run(), name);
  EXPECT_NE(asked_run(), name);
}

TEST_F(AskTell, FourProcessesAtATimeShareOneSearch) {
  write_file(program_ / "loop.sh",
             "while point=$(\"$EPOCHAL\" ask branin.toml trials=24); do\n"
             "  eval \"$point\"\n"
             "  echo \"$run\" >>asked-$1\n"
             "  \"$EPOCHAL\" tell \"$run\" \"$y\" || exit 1\n"
             "done\n");
  program_.environment["EPOCHAL"] = EPOCHAL_PROGRAM;
  program_.executable = "/bin/sh";
  std::vector<pid_t> loops;
  for (const char* number : {"1", "2", "3", "4"}) {
    loops.push_back(program_.start({"loop.sh", number}));
  }
  for (const pid_t loop : loops) EXPECT_EQ(exit_code_of(loop), 0) << program_.err();
  std::multiset<std::string> asked;
  for (const char* number : {"1", "2", "3", "4"}) {
    std::istringstream names(read_file(program_ / (std::string("asked-") + number)));
    for (std::string name; names >> name;) asked.insert(name);
  }
  const auto trials = query().search_trials(query().newest_sweep()->id, "value");
  EXPECT_EQ(trials.size(), 24u);
  EXPECT_EQ(asked.size(), std::set<std::string>(asked.begin(), asked.end()).size());
  EXPECT_EQ(asked.size(), query().runs().size());
  for (const store::RunRecord& record : query().runs()) {
    EXPECT_EQ(record.status, store::RunStatus::finished);
  }
}

/// The loop of docs/sweeps.md, as it stands there.
TEST_F(AskTell, TheDocumentedLoopWorks) {
  const std::string page = read_file(EPOCHAL_SOURCE_FOLDER "/docs/sweeps.md");
  const auto block = [&](const std::string& begin) {
    const std::size_t at = page.find(begin);
    EXPECT_NE(at, std::string::npos) << begin;
    return page.substr(at, page.find("\n```", at) - at);
  };
  write_file(program_ / "tune.toml", block("# tune.toml"));
  const Finished looped = program_.shell(block("while point=$(epochal ask tune.toml)"));
  EXPECT_EQ(looped.exit_code, 0) << looped.err;
  expect_in(looped.err, "trials of 'tune' have been asked for");
  EXPECT_EQ(query().runs().size(), 30u);
  double least = 1e9;
  for (const store::RunRecord& record : query().runs()) {
    EXPECT_EQ(record.status, store::RunStatus::finished);
    least = std::min(least, query().epochs(record.id).at(0).metrics.begin()->second);
  }
  EXPECT_LT(least, 0.5);
}

}  // namespace
}  // namespace epochal::test

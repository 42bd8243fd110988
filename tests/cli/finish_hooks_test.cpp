// --on-finish and --on-failure: programs that are told when a sweep is over.

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

using nlohmann::json;

class FinishHooks : public ProgramTest {
 protected:
  FinishHooks() {
    write_file(program_ / "good.toml", "name = 'good'\nexperiment = 'noop'\nepochs = 2\n");
    write_file(program_ / "bad.toml",
               "name = 'bad \"sweep\"'\nexperiment = 'command'\n[command]\n"
               "run = ['sh', '-c', 'test {n} = 1']\n[command.parameters.n]\ntype = "
               "'integer'\ndefault = 1\n[sweep.grid]\nn = "
               "[1, 2, 3]\n");
    write_file(program_ / "hook.sh",
               "#!/bin/sh\nset -eu\ncat > \"$1.json\"\nenv | grep ^EPOCHAL_ > \"$1.env\"\n"
               "echo \"told $1: $EPOCHAL_MESSAGE\"\n");
    std::filesystem::permissions(program_ / "hook.sh", std::filesystem::perms::owner_all);
  }

  json facts(const std::string& name) {
    return json::parse(read_file(program_ / (name + ".json")));
  }
  bool was_told(const std::string& name) {
    return std::filesystem::exists(program_ / (name + ".json"));
  }
};

TEST_F(FinishHooks, GetTheFactsAsJsonAndAsVariables) {
  const Finished done = succeed({"run", "good.toml", "--on-finish", "./hook.sh 'told well'",
                                 "--on-failure", "./hook.sh badly"});
  EXPECT_FALSE(was_told("badly"));
  const json told = facts("told well");
  EXPECT_EQ(told["event"], "finish");
  EXPECT_EQ(told["sweep"], "good");
  EXPECT_EQ(told["status"], "finished");
  EXPECT_EQ(told["exit_code"], 0);
  EXPECT_EQ(told["runs"], 1);
  EXPECT_EQ(told["finished"], 1);
  EXPECT_EQ(told["file"], (program_ / "good.toml").string());
  EXPECT_EQ(told["store"], (program_ / "epochal-store").string());
  EXPECT_GT(told["seconds"].get<double>(), 0);
  const std::string variables = read_file(program_ / "told well.env");
  expect_in(variables, "EPOCHAL_EVENT=finish\n");
  expect_in(variables, "EPOCHAL_SWEEP=good\n");
  expect_in(variables, "EPOCHAL_FINISHED=1\n");
  expect_in(done.err, "told told well: good: 1 finished, after ");
  EXPECT_EQ(done.out, "") << "what a hook prints is a message";
}

TEST_F(FinishHooks, AFailureIsToldWithItsRunsBeforeTheEnd) {
  const Finished done = program_.run(
      {"run", "bad.toml", "--on-finish", "./hook.sh end", "--on-failure", "./hook.sh failure"});
  EXPECT_EQ(done.exit_code, 1) << done.err;
  EXPECT_EQ(facts("end")["event"], "finish");
  const json told = facts("failure");
  EXPECT_EQ(told["event"], "failure");
  EXPECT_EQ(told["status"], "failed");
  EXPECT_EQ(told["exit_code"], 1);
  EXPECT_EQ(told["sweep"], "bad \"sweep\"");
  EXPECT_EQ(told["failed"], 2);
  EXPECT_EQ(told["finished"], 1);
  ASSERT_EQ(told["failed_runs"].size(), 2u);
  EXPECT_EQ(told["failed_runs"][0]["run"].get<std::string>().size(), 10u);
  expect_in(told["failed_runs"][0]["error"].get<std::string>(), "exit code 1");
  EXPECT_LT(done.err.find("told failure"), done.err.find("told end"));
}

TEST_F(FinishHooks, AFailingHookIsALineAndNoFailedSweep) {
  const auto line_of = [&](const std::string& hook) {
    return succeed({"run", "good.toml", "--on-finish", hook}).err;
  };
  expect_in(line_of("false"), "epochal: --on-finish: false: ended with exit code 1\n");
  expect_in(line_of("sh -c 'kill -9 $$'"), "--on-finish: sh: was killed by signal 9\n");
  const std::string missing = line_of("no-such-program 'a b'");
  EXPECT_EQ(missing.find("epochal: --on-finish: there is no program 'no-such-program'; the sweep "
                         "goes on without it\n"),
            0u)
      << missing;
}

TEST_F(FinishHooks, CountTheRunsThatASearchAskedFor) {
  write_file(program_ / "tune.toml",
             "name = 'tune'\nexperiment = 'noop'\nepochs = 2\n[sweep.search]\ntrials = 8\n"
             "startup = 3\nfail_at = { choice = [1, -1] }\n");
  const Finished done = program_.run({"run", "tune.toml", "--on-finish", "./hook.sh end"});
  EXPECT_EQ(done.exit_code, 1) << done.err;
  const json told = facts("end");
  EXPECT_EQ(told["runs"], 2) << "the eight trials ask for two points";
  EXPECT_EQ(told["finished"], 1);
  EXPECT_EQ(told["failed"], 1);
  EXPECT_EQ(told["failed_runs"].size(), 1u);
}

TEST_F(FinishHooks, UseNoShell) {
  const Finished done = program_.run({"run", "good.toml", "--on-finish", "echo $HOME; `id` | *"});
  EXPECT_NE(done.err.find("$HOME; `id` | *\n"), std::string::npos) << done.err;
}

TEST_F(FinishHooks, AnUnreadableCommandIsRefusedBeforeAnythingStarts) {
  for (const std::string hook : {"'open", "", "''"}) {
    expect_refused({"run", "good.toml", "--on-finish", hook}, "--on-finish");
  }
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
  EXPECT_EQ(
      program_.run({"run", "good.toml", "--dry-run", "--on-finish", "./hook.sh dry"}).exit_code, 0);
  EXPECT_FALSE(was_told("dry")) << "nothing was started";
}

TEST_F(FinishHooks, ATrackedProgramIsToldToo) {
  EXPECT_EQ(program_
                .run({"track", "--name", "one", "--on-finish", "./hook.sh end", "--on-failure",
                      "./hook.sh failure", "--", "false"})
                .exit_code,
            1);
  EXPECT_EQ(facts("failure")["sweep"], "one");
  EXPECT_EQ(facts("failure")["failed"], 1);
  EXPECT_EQ(facts("end")["runs"], 1);
}

TEST_F(FinishHooks, WrongInputIsNotASweepThatFailed) {
  const Finished done = program_.run(
      {"run", "good.toml", "--take-over", "nobody", "--on-failure", "./hook.sh failure"});
  EXPECT_EQ(done.exit_code, 2) << done.err;
  EXPECT_FALSE(was_told("failure")) << "nothing was begun";
}

}  // namespace
}  // namespace epochal::test

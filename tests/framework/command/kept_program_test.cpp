#include "framework/command/kept_program.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "framework/system/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wait_until.h"

namespace epochal {
namespace {

using namespace std::chrono_literals;

class KeptProgramTest : public testing::Test {
 protected:
  KeptProgramStart shell(const std::string& script) {
    return {{"sh", "-c", script}, folder_.path(), {{"EPOCHAL_FD", "3"}}, 500ms, false, {}};
  }

  static std::vector<std::string> all_lines(KeptProgram& program) {
    std::vector<std::string> lines;
    while (!program.end()) {
      if (const auto line = program.next(100ms)) lines.push_back(line->text);
    }
    return lines;
  }

  /// The process whose number is in a file of the folder, once it is there.
  pid_t process_in(const std::string& file) {
    const auto text = [&] { return test::read_file(folder_ / file); };
    EXPECT_TRUE(test::wait_until([&] { return text().ends_with('\n'); })) << "none wrote " << file;
    return std::atoi(text().c_str());
  }

  static bool is_gone(pid_t process) {
    return test::wait_until([&] { return !process_start_ticks(process); });
  }

  test::TemporaryFolder folder_;
};

// In a group and a session of its own, deaf to SIGTERM, and its parent gone.
const std::string kOrphan =
    "(setsid sh -c 'trap \"\" TERM; echo $$ > orphan; exec sleep 1000' &) ;"
    "while ! test -s orphan; do sleep 0.01; done;";

TEST_F(KeptProgramTest, IsHeardOnBothWays) {
  KeptProgram program(shell("echo out; echo err >&2; echo said >&3; pwd; exit 3"));
  const auto lines = all_lines(program);
  EXPECT_EQ(program.end()->exit_code, 3);
  const std::set<std::string> heard(lines.begin(), lines.end());
  EXPECT_EQ(heard, (std::set<std::string>{"out", "err", "said",
                                          std::filesystem::canonical(folder_.path()).string()}));
}

TEST_F(KeptProgramTest, IsToldLines) {
  KeptProgram program(shell("read line <&3; echo \"heard $line\""));
  program.tell("hello");
  EXPECT_EQ(all_lines(program), (std::vector<std::string>{"heard hello"}));
}

TEST_F(KeptProgramTest, EndsBySignalOrCode) {
  KeptProgram killed(shell("kill -9 $$"));
  all_lines(killed);
  EXPECT_EQ(killed.end()->signal, SIGKILL);
  KeptProgram missing({{"./no-such-program"}, folder_.path(), {}, 0ms, false, {}});
  EXPECT_EQ(all_lines(missing),
            (std::vector<std::string>{
                "epochal: ./no-such-program cannot be started: No such file or directory"}));
  EXPECT_EQ(missing.end()->exit_code, 127);
}

TEST_F(KeptProgramTest, LeavesNothingBehindWhenItEnds) {
  KeptProgram program(shell(kOrphan + "exit 0"));
  const pid_t orphan = process_in("orphan");
  all_lines(program);
  EXPECT_TRUE(program.end()->is_success());
  EXPECT_TRUE(is_gone(orphan));
}

TEST_F(KeptProgramTest, MayTidyUpWhenAskedToEnd) {
  KeptProgram program(
      shell("trap 'echo tidy; exit 5' TERM; echo ready; while :; do sleep 0.01; done"));
  EXPECT_EQ(program.next(5s)->text, "ready");
  program.ask_to_end();
  // The shell may say first that its sleep was terminated.
  EXPECT_EQ(all_lines(program).back(), "tidy");
  EXPECT_EQ(program.end()->exit_code, 5);
}

TEST_F(KeptProgramTest, IsKilledWhenTheGraceIsOver) {
  KeptProgram program(shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"));
  EXPECT_EQ(program.next(5s)->text, "ready");
  const auto asked = std::chrono::steady_clock::now();
  program.ask_to_end();
  all_lines(program);
  EXPECT_EQ(program.end()->signal, SIGKILL);
  EXPECT_GE(std::chrono::steady_clock::now() - asked, 450ms);
}

TEST_F(KeptProgramTest, IsKilledWithThisObject) {
  pid_t orphan = 0;
  pid_t program_itself = 0;
  {
    const KeptProgram program(shell("echo $$ > self;" + kOrphan + "sleep 1000"));
    orphan = process_in("orphan");
    program_itself = process_in("self");
  }
  EXPECT_FALSE(process_start_ticks(orphan));
  EXPECT_FALSE(process_start_ticks(program_itself));
}

TEST_F(KeptProgramTest, DiesWithAProcessThatIsKilled) {
  const pid_t owner = fork();
  if (owner == 0) {
    const KeptProgram program(shell("echo $$ > self;" + kOrphan + "sleep 1000"));
    std::this_thread::sleep_for(1000s);
    _exit(0);
  }
  const pid_t orphan = process_in("orphan");
  const pid_t program_itself = process_in("self");
  EXPECT_TRUE(process_start_ticks(orphan));
  kill(owner, SIGKILL);
  waitpid(owner, nullptr, 0);
  EXPECT_TRUE(is_gone(orphan));
  EXPECT_TRUE(is_gone(program_itself));
}

TEST_F(KeptProgramTest, EndsWithAKeeperThatIsKilled) {
  KeptProgram program(shell("echo $PPID > keeper; echo $$ > self;" + kOrphan + "sleep 1000"));
  const pid_t orphan = process_in("orphan");
  const pid_t program_itself = process_in("self");
  const auto killed = std::chrono::steady_clock::now();
  kill(process_in("keeper"), SIGKILL);
  all_lines(program);
  EXPECT_LT(std::chrono::steady_clock::now() - killed, 5s);
  EXPECT_EQ(program.end()->signal, SIGKILL);
  EXPECT_TRUE(is_gone(orphan));
  EXPECT_TRUE(is_gone(program_itself));
}

TEST_F(KeptProgramTest, KeepsErrorsApartWhereAsked) {
  KeptProgramStart start = shell("echo out; echo err >&2");
  start.has_own_errors = true;
  KeptProgram program(start);
  std::map<KeptProgram::Line::Source, std::string> lines;
  while (!program.end()) {
    if (const auto line = program.next(100ms)) lines[line->source] += line->text;
  }
  EXPECT_EQ(lines[KeptProgram::Line::Source::output], "out");
  EXPECT_EQ(lines[KeptProgram::Line::Source::errors], "err");
}

TEST_F(KeptProgramTest, TellsALineWholeToOneThatReadsLate) {
  KeptProgram program(
      shell("while ! test -e go; do sleep 0.01; done; head -c 3000004 <&3 | wc -c"));
  program.tell(std::string(3'000'000, 'x'));
  program.tell("end");
  test::write_file(folder_ / "go", "");
  std::string all;
  for (const std::string& line : all_lines(program)) all += line;
  EXPECT_NE(all.find("3000004"), std::string::npos) << all;
}

TEST_F(KeptProgramTest, WhatWasPrintedIsThereBeforeTheNextWord) {
  KeptProgram program(shell("echo one; echo two; echo said >&3; sleep 1000"));
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(program.next(5s)->text, "said");
  EXPECT_EQ(program.next_printed()->text, "one");
  EXPECT_EQ(program.next_printed()->text, "two");
  EXPECT_FALSE(program.next_printed());
}

TEST_F(KeptProgramTest, AFloodOfOutputWaitsForItsReader) {
  KeptProgram program(shell("yes 0123456789 | head -c 20000000"));
  std::this_thread::sleep_for(200ms);
  std::size_t bytes = 0;
  while (!program.end()) {
    if (const auto line = program.next(100ms)) bytes += line->text.size() + 1;
  }
  EXPECT_NEAR(static_cast<double>(bytes), 20'000'000, 20);
}

}  // namespace
}  // namespace epochal

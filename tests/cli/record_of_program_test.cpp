// Records that name programs: whoever made the store must not decide what is started here.

#include <gtest/gtest.h>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/cli/recorded_programs.h"

namespace epochal::test {
namespace {

using nlohmann::json;

class RecordOfProgram : public RecordedPrograms {
 protected:
  RecordOfProgram() {
    write_file(program_ / "train.sh",
               "for e in $(seq $EPOCHAL_EPOCHS); do echo \"{\\\"epoch\\\": $e, \\\"a\\\": $e}\" "
               ">&3; test \"$1\" = fail && exit 1; done; true\n");
    write_file(program_ / "s.toml",
               "name='s'\nexperiment='command'\nepochs=2\n[command]\nrun=['sh', 'train.sh', "
               "'{word}']\ninputs=['train.sh']\n[command.parameters.word]\ndefault='ok'\n");
  }

  /// Somebody has written another program into the record of the only run.
  void tamper(const std::vector<std::string>& words) {
    SQLite::Database database((program_ / "epochal-store/epochal.db").string(),
                              SQLite::OPEN_READWRITE);
    SQLite::Statement read(database, "select declaration from command");
    ASSERT_TRUE(read.executeStep());
    json declaration = json::parse(read.getColumn(0).getString());
    read.reset();
    declaration["run"] = words;
    SQLite::Statement write(database, "update command set declaration = :text");
    write.bind(":text", declaration.dump());
    write.exec();
  }

  void execute(const std::string& statement) {
    SQLite::Database((program_ / "epochal-store/epochal.db").string(), SQLite::OPEN_READWRITE)
        .exec(statement);
  }

  void expect_nothing_started() { EXPECT_FALSE(std::filesystem::exists(program_ / "pwned")); }
};

TEST_F(RecordOfProgram, IsShownAndNotStartedUnlessAsked) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const Finished refused = run({"reproduce", "s:1"});
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  expect_in(refused.err, "the run's program: sh train.sh ok\n");
  expect_in(refused.err, "in the folder: " + program_.folder().string() + "\n");
  expect_in(refused.err, "add --run-program");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store/reproductions"));

  const Finished asked = succeed({"reproduce", "s:1", "--run-program"});
  expect_in(asked.out, "all 2 epochs are bit-identical");
  expect_in(asked.out, "the program keeps no state");
}

TEST_F(RecordOfProgram, IsShownWithoutWhatFoolsATerminal) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  tamper({"touch", "pwned", "\x1b[2K\r", std::string(5000, 'x') + "the end"});
  const Finished refused = run({"reproduce", "s:1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.err.find('\x1b'), std::string::npos);
  EXPECT_EQ(refused.err.find('\r'), std::string::npos);
  expect_in(refused.err, "touch pwned");
  expect_in(refused.err, "the end");
  expect_nothing_started();
}

TEST_F(RecordOfProgram, IsNotWhatAWorkerStarts) {
  ASSERT_EQ(run({"run", "s.toml", "epochs=1"}).exit_code, 0);
  execute("update run set status = 'interrupted', epochs = 2");
  tamper({"touch", "pwned"});
  for (const std::vector<std::string>& worker :
       {std::vector<std::string>{"worker", "1"}, {"worker", "1", "--work", "threads=1;"}}) {
    expect_in(run(worker).err, "only the store names the program of this run");
    expect_nothing_started();
  }
  // The sweep file says it, and it is started, whatever is recorded.
  succeed({"run", "s.toml"});
  expect_nothing_started();
  EXPECT_EQ(query().runs().at(0).epochs_done, 2);
}

/// A sweep leaves the record of a run alone that another process has, and does the run itself when
/// that is gone. Meanwhile somebody has changed the record.
class RecordChangedMeanwhile : public RecordOfProgram {
 protected:
  void start_two() {
    write_file(program_ / "wait.sh", "echo $1 > started; sleep 1000\n");
    write_file(program_ / "w.toml",
               "name='w'\nexperiment='command'\n[command]\nrun=['sh', 'wait.sh', '{word}']\n"
               "inputs=['wait.sh']\n[command.parameters.word]\ndefault='ok'\n");
    first_ = program_.start({"run", "w.toml"});
    ASSERT_TRUE(wait_until([&] { return is_started(); }));
    second_ = program_.start({"run", "w.toml"});
    ASSERT_TRUE(
        wait_until([&] { return program_.err().find("waiting for it") != std::string::npos; }));
    std::filesystem::remove(program_ / "started");
  }

  bool is_started() { return read_file(program_ / "started").ends_with('\n'); }

  void kill_first() {
    kill(-first_, SIGKILL);
    kill_workers();
    waitpid(first_, nullptr, 0);
  }

  pid_t first_ = 0;
  pid_t second_ = 0;
};

TEST_F(RecordChangedMeanwhile, ItsProgramIsNotStarted) {
  start_two();
  tamper({"touch", "pwned"});
  kill_first();
  EXPECT_TRUE(wait_until([&] { return is_started(); })) << program_.err();
  expect_in(read_file(program_ / "started"), "ok");
  kill(second_, SIGINT);
  EXPECT_EQ(exit_code_of(second_), 3) << program_.err();
  expect_nothing_started();
}

TEST_F(RecordChangedMeanwhile, ItsParametersAreRefused) {
  start_two();
  execute("update parameter set value = 'evil' where name = 'word'");
  kill_first();
  EXPECT_NE(exit_code_of(second_), 0);
  EXPECT_FALSE(is_started());
  expect_in(run({"log", "w:1"}).out, "the run's recorded parameters do not match");
}

TEST_F(RecordOfProgram, IsOnlyReadByAReport) {
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  tamper({"touch", "pwned"});
  EXPECT_EQ(run({"report", "s.toml", "-o", "r"}).exit_code, 0);
  EXPECT_EQ(run({"report", "--where", "run.experiment = 'command:train'", "-o", "q"}).exit_code, 0);
  std::filesystem::remove(program_ / "s.toml");
  EXPECT_EQ(run({"report", "s", "-o", "p"}).exit_code, 0);
  EXPECT_EQ(run({"show", "s:1"}).exit_code, 0);
  succeed({"export", "--to", "json", "exported"});
  expect_nothing_started();
}

}  // namespace
}  // namespace epochal::test

// What users get wrong: one clear sentence, the right exit code, nothing lost.

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

constexpr char kSweep[] = "name = 'try'\nexperiment = 'noop'\nepochs = 2\n";

class BadInput : public ProgramTest {
 protected:
  BadInput() { write_file(program_ / "try.toml", kSweep); }

  /// Expects exit code 2, nothing on stdout and one line on stderr that holds `part`.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& part) {
    const Finished refused = program_.run(arguments);
    EXPECT_EQ(refused.exit_code, 2) << refused.err;
    EXPECT_EQ(refused.out, "");
    expect_in(refused.err, part);
    EXPECT_TRUE(refused.err.starts_with("epochal: ")) << refused.err;
    EXPECT_EQ(std::count(refused.err.begin(), refused.err.end(), '\n'), 1) << refused.err;
  }
};

TEST_F(BadInput, Commands) {
  expect_refused({"rnu"}, "there is no command 'rnu'; did you mean 'run'?");
  expect_refused({"run"}, "no sweep file was named");
  expect_refused({"run", "try.toml", "--job", "2"}, "unknown option '--job'; did you mean 'jobs'?");
  expect_refused({"run", "try.toml", "--jobs", "many"}, "--jobs must be a whole number from 1");
  expect_refused({"run", "try.toml", "--jobs", "0"}, "--jobs must be a whole number from 1");
  expect_refused({"run", "try.toml", "--executor", "slum"}, "unknown executor 'slum'");
  expect_refused({"show"}, "RUN is missing");
  expect_refused({"experiments", "show"}, "usage: epochal experiments [show NAME]");
}

TEST_F(BadInput, SweepFiles) {
  expect_refused({"run", "nosuch.toml"}, "nosuch.toml: the sweep file cannot be read");
  write_file(program_ / "broken.toml", "name = 'x'\nepochs = [1,\n");
  expect_refused({"run", "broken.toml"}, "broken.toml:");
  write_file(program_ / "unknown.toml", std::string(kSweep) + "[params]\nlearning_rat = 1\n");
  expect_refused({"run", "unknown.toml"},
                 "unknown.toml:5:16: unknown parameter 'learning_rat'; did "
                 "you mean 'learning_rate'?");
  write_file(program_ / "range.toml", std::string(kSweep) + "[params]\nlearning_rate = 11\n");
  expect_refused({"run", "range.toml"},
                 "learning_rate = 11 is out of range; choose a value from 0");
  write_file(program_ / "nop.toml", "name = 'x'\nexperiment = 'nop'\n");
  expect_refused({"run", "nop.toml"}, "nop.toml:2:14: there is no experiment 'nop'; did you mean");
  EXPECT_FALSE(std::filesystem::exists(program_ / "epochal-store"));
}

TEST_F(BadInput, Stores) {
  expect_refused({"ls"}, "there is no store here; run a sweep first");
  expect_refused({"report", "try.toml"}, "there is no store here");
  expect_refused({"run", "try.toml", "--store", "/proc/x"}, "the store cannot be created");
  write_file(program_ / "damaged/epochal.db", std::string(5000, 'x'));
  expect_refused({"ls", "--store", "damaged"}, "damaged or not a database");
  EXPECT_EQ(program_.run({"run", "try.toml"}).exit_code, 0);
  expect_refused({"show", "zz"}, "'zz' is not a run");
  expect_refused({"show", "0123456789"}, "no run starts with");
}

TEST_F(BadInput, AReadOnlyStoreCanStillBeRead) {
  if (geteuid() == 0) {
    // Root may write everywhere: become somebody else for this test, in a process of its own.
    chmod(program_.folder().c_str(), 0777);
  }
  EXPECT_EQ(program_.run({"run", "try.toml"}).exit_code, 0);
  const auto store = program_ / "epochal-store";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
    chmod(entry.path().c_str(), entry.is_directory() ? 0555 : 0444);
  }
  chmod(store.c_str(), 0555);
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(100);
    Program reader;
    const Finished list = reader.run({"ls", "--store", store.string()});
    if (list.exit_code != 0 || list.out.find("finished") == std::string::npos) _exit(101);
    write_file(reader / "more.toml", std::string(kSweep) + "[params]\nword = 'more'\n");
    const Finished more = reader.run({"run", "more.toml", "--store", store.string()});
    const bool refused =
        more.exit_code == 2 && more.err.find("the store cannot be written") != std::string::npos;
    if (!refused) fprintf(stderr, "%d %s\n", more.exit_code, more.err.c_str());
    _exit(refused ? 0 : 102);
  }
  EXPECT_EQ(exit_code_of(child), 0);
  chmod(store.c_str(), 0755);
  EXPECT_EQ(store::Query(store).runs().at(0).epochs_done, 2);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
    chmod(entry.path().c_str(), entry.is_directory() ? 0755 : 0644);
  }
}

TEST_F(BadInput, APluginOfAnotherAbi) {
  program_.environment["EPOCHAL_PLUGIN_PATH"] = EPOCHAL_TEST_PLUGIN_FOLDER;
  write_file(program_ / "abi.toml", "name = 'x'\nexperiment = 'wrong_abi'\n");
  expect_refused({"run", "abi.toml"}, "built for plugin ABI 999999");
  const Finished doctor = program_.run({"doctor"});
  EXPECT_EQ(doctor.exit_code, 2);
  expect_in(doctor.out, "FAIL  plugin");
}

TEST_F(BadInput, NoGnuplot) {
  EXPECT_EQ(program_.run({"run", "try.toml"}).exit_code, 0);
  program_.environment["PATH"] = "/no/such/folder";
  expect_refused({"report", "try.toml"}, "sudo apt-get install gnuplot-nox");
  EXPECT_FALSE(std::filesystem::exists(program_ / "report"));
  EXPECT_EQ(query().runs().size(), 1u);
}

TEST_F(BadInput, AReportFolderThatCannotBeWritten) {
  EXPECT_EQ(program_.run({"run", "try.toml"}).exit_code, 0);
  expect_refused({"report", "try.toml", "-o", "/proc/report"}, "choose another folder with -o");
}

TEST(WithoutProc, TheMessageSaysThatItIsNotMounted) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer itself reads /proc to find the stack";
#endif
  Program program;
  write_file(program / "s.toml", "name = 's'\nexperiment = 'noop'\n");
  const std::string library =
      std::filesystem::path(EPOCHAL_PROGRAM).parent_path().parent_path() / "lib";
  const auto without_proc = [&](const std::string& command) {
    // The program's own search path for its library needs /proc, too.
    return program.shell("LD_LIBRARY_PATH=" + library +
                         " unshare --mount sh -c 'umount -l /proc && exec " + EPOCHAL_PROGRAM +
                         " " + command + "'");
  };
  if (program.shell("unshare --mount umount -l /proc").exit_code != 0) {
    GTEST_SKIP() << "only root can hide /proc";
  }
  for (const std::string command : {"run s.toml", "experiments"}) {
    const Finished done = without_proc(command);
    EXPECT_EQ(done.exit_code, 2) << command;
    EXPECT_EQ(done.err, "epochal: /proc is not mounted; mount it: mount -t proc proc /proc\n");
  }
  EXPECT_EQ(without_proc("track -- true").exit_code, 1);
}

}  // namespace
}  // namespace epochal::test

// What the program prints while it works: lines for a log file, a live display on a terminal.

#include <gtest/gtest.h>
#include <pty.h>

#include <algorithm>
#include <array>
#include <regex>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class Terminal : public ProgramTest {
 protected:
  void write_sweep(const std::string& rest) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='noop'\n" + rest);
  }

  /// What the program writes on a terminal of 24 lines and 160 columns; NO_COLOR as it is given.
  std::string on_terminal(const std::vector<std::string>& arguments, const char* no_color = "") {
    winsize size{24, 160, 0, 0};
    int terminal = -1;
    const pid_t pid = forkpty(&terminal, nullptr, nullptr, &size);
    if (pid < 0) throw std::runtime_error("there is no terminal to be had");
    if (pid == 0) {
      setenv("TERM", "xterm", 1);
      setenv("NO_COLOR", no_color, 1);
      unsetenv("COLUMNS");
      become(program_.executable, program_.folder(), arguments);
    }
    std::string text;
    std::array<char, 4096> part{};
    // The read of a terminal that nobody has open any more fails.
    for (ssize_t got = 0; (got = read(terminal, part.data(), part.size())) > 0;) {
      text.append(part.data(), static_cast<std::size_t>(got));
    }
    close(terminal);
    waitpid(pid, nullptr, 0);
    return text;
  }

  std::string id(std::size_t run) const { return query().runs().at(run).short_identity(); }

  static void expect_line(const std::string& whole, const std::string& pattern) {
    EXPECT_TRUE(std::regex_search(whole, std::regex("\n" + pattern + "\n")))
        << pattern << "\nis no line of\n"
        << whole;
  }
  static std::size_t count(const std::string& whole, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = whole.find(part); at != std::string::npos;
         at = whole.find(part, at + 1)) {
      ++found;
    }
    return found;
  }
};

TEST_F(Terminal, ALogFileGetsALineForEachEpochAndTheResultOfEachRun) {
  write_sweep("epochs=3\nseeds=[0, 1]\n[params]\nsleep=0.02\n");
  const Finished finished = succeed({"run", "s.toml"});
  for (std::size_t i = 0; i < 2; ++i) {
    const store::Series loss = query().series(query().runs().at(i).id, "val.loss");
    for (int epoch = 1; epoch <= 3; ++epoch) {
      const std::regex line("\nrun " + id(i) + " epoch " + std::to_string(epoch) +
                            "/3: val.loss [0-9.]+, [0-9,]+ samples/s, [0-9.]+ m?s\n");
      EXPECT_TRUE(std::regex_search(finished.err, line)) << epoch << finished.err;
    }
    const auto best = std::min_element(
        loss.begin(), loss.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
    const std::regex end("\nrun " + id(i) +
                         " finished, 3 epochs, [^,]+, val.loss [0-9.]+, best [0-9.]+ in epoch " +
                         std::to_string(best->epoch) + " \\(");
    EXPECT_TRUE(std::regex_search(finished.err, end)) << finished.err;
  }
  EXPECT_EQ(count(finished.err, " epoch "), 6u + 2u) << finished.err;
  expect_not_in(finished.err, "\r");
  expect_not_in(finished.err, "\033");
}

TEST_F(Terminal, ARunThatGoesOnTellsOnlyItsNewEpochs) {
  write_sweep("epochs=2\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const Finished more = run({"run", "s.toml", "epochs=4"});
  expect_not_in(more.err, " epoch 2/4:");
  expect_in(more.err, " epoch 3/4:");
  expect_in(more.err, " epoch 4/4:");
}

/// Seconds that a display says are left, in the order in which it does.
std::vector<double> seconds_left(const std::string& text) {
  std::vector<double> left;
  const std::regex pattern("([0-9.]+) (m?s) left");
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    left.push_back(std::stod((*at)[1]) * ((*at)[2] == "ms" ? 0.001 : 1));
  }
  return left;
}

TEST_F(Terminal, TheTimeLeftComesFromEarlierEpochsOfTheSettingAndCountsDown) {
  write_sweep("epochs=1\nseeds=[0]\n[params]\nsleep=2\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::string live = on_terminal({"run", "s.toml", "seeds=[0, 1]"});
  const std::vector<double> left = seconds_left(live);
  ASSERT_GE(left.size(), 4u) << live;
  EXPECT_GT(left.front(), 1.5) << "known before the first epoch is done\n" << live;
  EXPECT_LT(left.front(), 3.0) << live;
  EXPECT_TRUE(std::is_sorted(left.rbegin(), left.rend())) << live;
  EXPECT_LT(left.back(), 0.7) << live;
}

TEST_F(Terminal, TheTimeLeftComesFromAForecast) {
  write_sweep("epochs=1\n[params]\nsleep=2\n");
  ASSERT_EQ(run({"forecast", "s.toml"}).exit_code, 0);
  const std::vector<double> left = seconds_left(on_terminal({"run", "s.toml"}));
  ASSERT_GE(left.size(), 4u);
  EXPECT_GT(left.front(), 1.2);
  EXPECT_GT(left.front(), left.back());
}

TEST_F(Terminal, StatesHaveColoursOnATerminalAlone) {
  write_sweep("epochs=2\n[[sweep.list]]\nfail_at=-1\n[[sweep.list]]\nfail_at=1\n");
  const std::string live = on_terminal({"run", "s.toml"});
  expect_in(live, "\033[32mfinished\033[0m");
  expect_in(live, "\033[31mfailed\033[0m");
  const std::string list = on_terminal({"ls"});
  expect_in(list, "\033[32mfinished\033[0m");
  expect_in(list, "\033[31mfailed: the experiment was told to fail at epoch 1\033[0m");
  expect_in(on_terminal({"show", id(0)}), "\033[32mfinished\033[0m");

  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"ls"}, {"show", id(0)}, {"run", "s.toml", "learning_rate=0.2"}}) {
    const Finished piped = run(words);
    EXPECT_NE(piped.out + piped.err, "");
    expect_not_in(piped.out + piped.err, "\033");
    expect_not_in(on_terminal(words, "1"), "\033[3");
  }
}

TEST_F(Terminal, AnInterruptedRunIsYellow) {
  write_sweep("epochs=2\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  change_store("update run set status = 'interrupted'");
  expect_in(on_terminal({"ls"}), "\033[33minterrupted\033[0m");
}

TEST_F(Terminal, ACrashShowsTheLastLinesOfTheLog) {
  program_.environment["ASAN_OPTIONS"] =
      "handle_segv=0";  // the signal itself, also under a sanitizer
  write_sweep("epochs=30\n[params]\ncrash_at=25\n");
  const Finished crashed = run({"run", "s.toml"});
  EXPECT_EQ(crashed.exit_code, 1);
  expect_in(crashed.err, "failed, 24 of 30 epochs");
  expect_in(crashed.err, "(Segmentation fault)\n    its log ends with:\n    2");
  expect_line(crashed.err, "    [-0-9: ]+ epoch 24 of 30 done.*");
  expect_not_in(crashed.err, "epoch 13 of 30 done");
  expect_not_in(crashed.err, "\\n");
  const std::string shown = run({"show", "@last"}).out;
  expect_line(shown, "              [-0-9: ]+ epoch 24 of 30 done.*");
  expect_not_in(shown, "\\n");
  const std::string list = run({"ls"}).out;
  expect_in(list, "(Segmentation fault)\n");
  expect_not_in(list, "\\n");
  ASSERT_EQ(run({"report", "s.toml", "-o", "r"}).exit_code, 0);
  expect_line(read_file(program_ / "r/report.md"), "      [-0-9: ]+ epoch 24 of 30 done.*");
  expect_in(read_file(program_ / "r/index.html"), "epoch 24 of 30 done");
}

TEST_F(Terminal, AFailureShowsTheLastLinesOfTheLog) {
  write_sweep("epochs=30\n[params]\nfail_at=25\n");
  const Finished failed = run({"run", "s.toml"});
  expect_in(failed.err, ": the experiment was told to fail at epoch 25\n    its log ends with:\n");
  expect_line(failed.err, "    [-0-9: ]+ epoch 24 of 30 done.*");
  expect_not_in(failed.err, "failed: the experiment");
  expect_line(run({"show", "@last"}).out, "              [-0-9: ]+ epoch 24 of 30 done.*");
}

TEST_F(Terminal, HelpOfAnExperimentsCommandNamesTheProgram) {
  const Finished listed = succeed({"noop", "--help"});
  expect_in(listed.out, "Parameters: epochal experiments show noop");
  EXPECT_EQ(run({"help", "noop"}).out, listed.out);
  expect_in(run({"help", "noop", "paint"}).err, "'noop' has no command 'paint'");
}

}  // namespace
}  // namespace epochal::test

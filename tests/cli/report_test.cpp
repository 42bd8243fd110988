// Reports as a user asks for them.

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class ReportCli : public ProgramTest {
 protected:
  void write_sweep(const std::string& rest) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='noop'\n" + rest);
  }
  std::string page(const std::string& folder) {
    return read_file(program_ / (folder + "/index.html"));
  }
  std::string text(const std::string& folder) {
    return read_file(program_ / (folder + "/report.md"));
  }
};

TEST_F(ReportCli, ARunSaysHowManyStepsItMadeAlsoAfterItWentOn) {
  write_sweep("epochs=3\n");
  const Finished first = run({"run", "s.toml"});
  const std::string identity = query().runs().at(0).short_identity();
  expect_in(first.err, "steps: " + identity + " 30\n");  // noop makes ten in an epoch
  expect_in(run({"run", "s.toml", "epochs=101"}).err, "steps: " + identity + " 1,010\n");
  expect_in(run({"show", identity}).out, "steps         1,010\n");
  ASSERT_EQ(run({"export", "--to", "csv", "out"}).exit_code, 0);
  expect_in(read_file(program_ / "out/epochs.csv"), ",steps,");
}

TEST_F(ReportCli, ARecordedSweepIsNamedByItsName) {
  write_sweep(
      "epochs=2\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n[report]\ncompare_by='learning_rate'\n"
      "[[claim]]\ntext='Faster is better'\nmetric='val.loss'\nkind='decreases'\n"
      "over='learning_rate'\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml", "-o", "by-file"}).exit_code, 0);
  succeed({"report", "s", "-o", "by-name"});
  expect_in(text("by-name"), "Faster is better");
  expect_in(text("by-name"), "epochal report s -o by-name");
  expect_in(text("by-file"), "epochal report s.toml -o by-file");

  // Its file may have gone, or ask for other runs by now.
  write_sweep("epochs=2\n[sweep.grid]\nlearning_rate=[0.7, 0.8]\n");
  ASSERT_EQ(run({"report", "s", "-o", "changed"}).exit_code, 0);
  expect_in(text("changed"), "Faster is better");
  std::filesystem::remove(program_ / "s.toml");
  ASSERT_EQ(run({"report", "s", "-o", "gone"}).exit_code, 0);
  expect_in(text("gone"), "Faster is better");

  expect_refused({"report", "sweep", "-o", "none"},
                 "epochal: there is no sweep 'sweep' in this store");
  expect_in(run({"watch", "s"}).err, "2 of 2 runs done");
}

/// Room that is missing at any moment, for blocks or for inodes.
TEST_F(ReportCli, AFullDiskLeavesTheEarlierReportAndNoHalfOne) {
  if (std::system("unshare -rm true 2>/dev/null") != 0) {
    GTEST_SKIP() << "no namespaces here: a small disk cannot be made";
  }
  write_sweep("epochs=3\n[sweep.grid]\nlearning_rate=[0.1, 0.2]\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  write_file(program_ / "fill.sh",
             "set -u\nepochal=$1\nmkdir small\n"
             "for room in size=4096 size=65536 size=200000 size=400000 size=600000 size=800000 "
             "size=1000000 size=1200000 size=1500000 nr_inodes=3 nr_inodes=6 nr_inodes=9 "
             "nr_inodes=14; do\n"
             "mount -t tmpfs -o $room tmpfs small || exit 90\n"
             "$epochal report s.toml -o small/new >out 2>err; echo $? $(ls -A small) >> codes\n"
             "cat err >> errors\n"
             "mount -o remount,size=64m,nr_inodes=0 small; rm -rf small/*\n"
             "$epochal report s.toml -o small/r >out 2>err || exit 91\n"
             "echo earlier by epochal 0 > small/r/index.html; echo earlier > "
             "small/r/figures/cost-rate.gp\n"
             "head -c 64M /dev/zero > small/filler 2>/dev/null\n"
             "truncate -s -${room##*=} small/filler 2>/dev/null\n"
             "$epochal report s.toml -o small/r >out 2>err; code=$?\n"
             "[ $code = 0 ] || echo $code $(cat small/r/index.html small/r/figures/cost-rate.gp) "
             "$(ls -A small/r | grep unfinished) >> again\n"
             "umount small\ndone\n");
  ASSERT_EQ(program_.shell("unshare -rm bash fill.sh " + program_.executable).exit_code, 0);
  std::istringstream codes(read_file(program_ / "codes"));
  int full = 0;
  for (std::string line; std::getline(codes, line);) {
    full += line == "3" ? 1 : 0;
    EXPECT_TRUE(line == "3" || line == "0 new") << line << '\n' << read_file(program_ / "errors");
  }
  EXPECT_GE(full, 6);
  expect_in(read_file(program_ / "errors"), "small/new: the disk is full; free some space and run");
  std::istringstream again(read_file(program_ / "again"));
  int kept = 0;
  for (std::string line; std::getline(again, line); ++kept)
    EXPECT_EQ(line, "3 earlier by epochal 0 earlier");
  EXPECT_GE(kept, 3);
}

TEST_F(ReportCli, WhatAnExperimentDoesNotDrawIsRefused) {
  write_sweep("epochs=1\n[report]\nreference='mini'\n");
  expect_refused({"run", "s.toml"}, "the experiment noop draws nothing for reports");
}

TEST_F(ReportCli, JudgesTheClaimsOfTheFileAsItStandsNow) {
  const std::string runs =
      "epochs=6\nseeds=[0, 1, 2, 3, 4]\n[sweep.grid]\ndataset_size=[10, 100, 1000]\n";
  write_sweep(runs);
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  write_sweep(runs +
              "[[claim]]\ntext='More data ends lower'\nkind='decreases'\n"
              "[[claim]]\ntext='More data ends higher'\nkind='increases'\n"
              "[[claim]]\ntext='A thousand is best'\nkind='better_than'\nvalue=1000\nthan=9\n");
  expect_not_in(run({"run", "s.toml"}).err, "15 to do");
  succeed({"report", "s.toml"});
  const std::string found = text("report");
  expect_in(found, "### supported: More data ends lower");
  expect_in(found, "### refuted: More data ends higher");
  expect_in(found, "### undecided: A thousand is best");
  expect_in(found, "no run has dataset_size 9");
  expect_in(found, "(paired by seed)");
  expect_in(found, "The lowest final val.loss is that of dataset_size 1000");
  expect_in(page("report"), "class=\"claim refuted\"");
}

TEST_F(ReportCli, DrawsNoMapOfParametersThatMoveTogether) {
  write_sweep(
      "epochs=2\nseeds=[0, 1]\n[[sweep.zip]]\ndataset_size=[10, 100, 1000]\n"
      "learning_rate=[0.1, 0.2, 0.3]\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml"}).exit_code, 0);
  for (const char* figure : {"map", "parallel"}) {
    EXPECT_FALSE(
        std::filesystem::exists(program_ / (std::string("report/figures/") + figure + ".svg")));
  }
}

TEST_F(ReportCli, IsAboutAnyRuns) {
  write_sweep("[sweep.grid]\ndataset_size=[10, 20, 30]\nlearning_rate=[0.1, 0.2]\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  succeed({"report", "--where", "params.dataset_size >= 20", "--compare-by", "dataset_size",
           "--title", "Large <b>", "-o", "some"});
  expect_in(text("some"), "4 runs of the experiment noop, compared by dataset_size");
  expect_in(text("some"), "epochal ls --each --columns 'run,params.`dataset_size`,");
  expect_in(text("some"), "' --where 'params.dataset_size >= 20'");
  expect_in(text("some"),
            "epochal report --where 'params.dataset_size >= 20' --compare-by dataset_size --title "
            "'Large <b>' -o some");
  expect_in(page("some"), "<h1>Large &lt;b&gt;</h1>");
  EXPECT_TRUE(std::filesystem::exists(program_ / "some/figures/map.svg"));

  const Finished newest = succeed({"report", "-o", "newest"});
  expect_in(newest.err, "the newest sweep: 's'");
  expect_refused({"report", "--where", "params.dataset_size > 99"}, "no run matches the filter");
}

TEST_F(ReportCli, DoesNotOverwriteAStrangersPage) {
  write_sweep("epochs=1\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  write_file(program_ / "site/index.html", "<html>mine</html>");
  expect_refused({"report", "s.toml", "-o", "site"},
                 "site/index.html: this page was not written by epochal");
  EXPECT_EQ(page("site"), "<html>mine</html>");
  ASSERT_EQ(run({"report", "s.toml", "-o", "ours"}).exit_code, 0);
  EXPECT_EQ(run({"report", "s.toml", "-o", "ours"}).exit_code, 0) << "its own is replaced";
}

TEST_F(ReportCli, SaysWhichValueGoesWithWhich) {
  write_sweep(
      "epochs=3\n[[sweep.zip]]\ndataset_size=[10, 20]\nword=['a', 'b']\n"
      "[report]\ncompare_by='dataset_size'\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml"}).exit_code, 0);
  expect_in(text("report"), "| word | a at 10, b at 20 |");
  expect_in(text("report"), "| dataset_size | 10, 20 |");
  expect_in(text("report"), "### Best values");
  expect_in(text("report"), "(3) |");
}

TEST_F(ReportCli, NamesSettingsByWhatDecidesTheRest) {
  const std::string compared = "[report]\ncompare_by='dataset_size'\n";
  write_sweep(
      "[[sweep.list]]\ndataset_size=10\nword='a'\nepochs=2\n"
      "[[sweep.list]]\ndataset_size=20\nword='b'\nepochs=2\n"
      "[[sweep.list]]\ndataset_size=10\nword='c'\nepochs=4\n" +
      compared);
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml"}).exit_code, 0);
  expect_in(text("report"), "| dataset_size 10, epochs 4 |");
  expect_in(text("report"),
            "Names leave out word: dataset_size and the length of the training decide it");
  expect_in(text("report"), "| word | a, b, c |");

  write_sweep("[sweep.grid]\ndataset_size=[10, 20]\nword=['a', 'b']\n" + compared);
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  ASSERT_EQ(run({"report", "s.toml"}).exit_code, 0);
  expect_in(text("report"), "| dataset_size 10, word b |");
  expect_not_in(text("report"), "Names leave out");
}

TEST_F(ReportCli, WatchesUntilNobodyWorksAnyMore) {
  write_sweep("epochs=20\n[params]\nsleep=0.3\n");
  const pid_t sweep = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  const pid_t watch = program_.start({"report", "s.toml", "--watch"});
  EXPECT_TRUE(wait_until([&] {
    return std::filesystem::exists(program_ / "report/index.html") &&
           page("report").find("http-equiv=\"refresh\"") != std::string::npos;
  }));
  EXPECT_EQ(exit_code_of(sweep), 0);
  EXPECT_EQ(exit_code_of(watch), 0);
  expect_in(page("report"), "finished, 20 epochs");
  expect_not_in(page("report"), "http-equiv=\"refresh\"");
}

TEST_F(ReportCli, AnInterruptEndsWatchingBehindAWholePage) {
  write_sweep("epochs=200\n[params]\nsleep=0.1\n");
  const pid_t sweep = program_.start({"run", "s.toml"});
  ASSERT_TRUE(wait_until([&] { return has_epochs(1); }));
  for (const int milliseconds : {400, 900, 1300}) {  // while gnuplot draws, and between
    std::filesystem::remove_all(program_ / "report");
    const pid_t watch = program_.start({"report", "s.toml", "--watch"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    kill(-watch, SIGINT);
    EXPECT_EQ(exit_code_of(watch), 3) << program_.err();
    expect_in(page("report"), "</html>");
    expect_not_in(page("report"), "http-equiv=\"refresh\"");
  }
  kill(-sweep, SIGINT);
  waitpid(sweep, nullptr, 0);
}

/// Stores as large as a stranger's may be: the page stays one that a browser opens.
class LargeStore : public ReportCli {
 protected:
  void SetUp() override {
    write_sweep("epochs=1\n");
    ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
    run_ = query().runs().front().short_identity();
  }

  void change(const std::string& sql) {
    SQLite::Database(program_ / "epochal-store/epochal.db", SQLite::OPEN_READWRITE).exec(sql);
  }

  void expect_small_report() {
    succeed({"report", "s.toml"});
    EXPECT_LT(page("report").size(), 20'000'000u);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(program_ / "report")) {
      files += entry.is_regular_file() ? 1 : 0;
    }
    EXPECT_LT(files, 200u);
    EXPECT_LT(run({"show", run_}).out.size(), 1'000'000u);
  }

  std::string run_;
};

TEST_F(LargeStore, AMillionEpochsAreDownSampled) {
  change(
      "insert into epoch (run_id, number, attempt_id, started_at, seconds, train_seconds, "
      "data_wait_seconds, samples) with recursive n(i) as (select 2 union all select i + 1 from n "
      "where i < 1000000) select 1, i, 1, i, 1, 1, 0, 10 from n;"
      "insert into metric select 1, metric_name.id, number, "
      "case number when 777777 then 4321.5 else 1.0 + 1.0 / number end "
      "from metric_name, epoch where number > 1;"
      "update run set epochs = 1000000, epochs_done = 1000000;");
  expect_small_report();
  expect_in(page("report"), "Long curves are drawn through the lowest and the highest");
  expect_in(read_file(program_ / "report/figures/compare-01-val-loss.gp"), "\n777777 4321.5\n");
  expect_in(run({"show", run_}).out, "the newest 1,000 of 1,000,000");
}

TEST_F(LargeStore, OfVeryManyMetricsSomeAreShownAndTheRestIsNamed) {
  change(
      "insert into metric_name (name) with recursive n(i) as (select 1 union all select i + 1 from "
      "n where i < 100000) select 'val.many' || i from n;"
      "insert into metric select 1, id, 1, id from metric_name where name like 'val.many%';");
  expect_small_report();
  expect_in(page("report"), "24 of 100,00");
  expect_in(text("report"), "24 of 100,00");
  expect_in(page("report"), "<th class=\"n\">val.loss</th>");
  expect_in(page("report"), "<th class=\"n\">train.loss</th>");
}

TEST_F(ReportCli, WhatStrangersWroteComesOutAsText) {
  const std::string evil = "<script>alert(1)</script> **bold** `touch proof` [x](javascript:1)";
  write_sweep("[params]\nword='''" + evil + "'''\n[sweep.grid]\ndataset_size=[10, 20]\n");
  ASSERT_EQ(run({"run", "s.toml"}).exit_code, 0);
  const std::string id = query().runs().front().identity.substr(0, 10);
  ASSERT_EQ(run({"note", id, evil}).exit_code, 0);
  ASSERT_EQ(run({"report", "--where", "params.dataset_size > 0", "--compare-by", "word", "--title",
                 evil + "\n\x1b[31m"})
                .exit_code,
            0);
  expect_not_in(page("report"), "<script>alert");
  expect_in(page("report"), "&lt;script&gt;alert(1)&lt;/script&gt;");
  expect_in(page("report"), "Tags and notes");
  expect_not_in(page("report"), "\x1b");
  // At the end stands the command, as code.
  const std::string prose = text("report").substr(0, text("report").find("## Provenance"));
  for (const char* part : {"**bold**", "\n<script>", "[x](javascript:1)"})
    expect_not_in(prose, part);
  EXPECT_FALSE(std::filesystem::exists(program_ / "proof"));
  EXPECT_FALSE(std::filesystem::exists(program_ / "report/figures/proof"));
}

}  // namespace
}  // namespace epochal::test

// An experiment of which more is better (tests/plugins/accuracy.cpp), as a user meets it.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program_test.h"

namespace epochal::test {
namespace {

class Direction : public ProgramTest {
 protected:
  Direction() { use_plugin("accuracy"); }

  Finished run(const std::string& rest) {
    write_file(program_ / "s.toml", "name='s'\nexperiment='accuracy'\n" + rest);
    return program_.run({"run", "s.toml"});
  }
};

TEST_F(Direction, TheCheckpointOfTheHighestAccuracyIsKept) {
  ASSERT_EQ(run("epochs=8\n").exit_code, 0);
  std::set<Epoch> kept;
  for (const store::ArtifactRecord& artifact : query().artifacts(query().runs().front().id)) {
    if (artifact.kind == store::ArtifactRecord::Kind::checkpoint) kept.insert(*artifact.epoch);
  }
  EXPECT_EQ(kept, (std::set<Epoch>{3, 7, 8}));
}

TEST_F(Direction, PatienceWaitsForAHigherAccuracy) {
  const Finished finished = run("epochs=8\n[stop]\npatience=2\n");
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  const store::RunRecord record = query().runs().front();
  EXPECT_EQ(record.status, store::RunStatus::stopped);
  EXPECT_EQ(record.epochs_done, 5) << "two epochs after the best one, the third";
}

TEST_F(Direction, BestIsTheHighestWithoutBeingTold) {
  ASSERT_EQ(run("epochs=8\nseeds=[0,1]\n[sweep.grid]\ndataset_size=[10,1000]\n").exit_code, 0);
  const Finished best = succeed({"best", "--by", "dataset_size"});
  expect_in(best.out, "val.accuracy");
  expect_in(best.out, "     3        0.8");
  const Finished sorted =
      program_.run({"ls", "--each", "--format", "csv", "--sort", "best", "--columns",
                    "params.dataset_size,metrics.val.accuracy.best_epoch"});
  EXPECT_EQ(sorted.out,
            "params.dataset_size,metrics.val.accuracy.best_epoch\n1000,3\n1000,3\n10,3\n10,3\n");
  const Finished view = program_.run(
      {"sql", "--format", "csv",
       "select min(epoch) as a, max(epoch) as b from best_epochs where metric = 'val.accuracy'"});
  EXPECT_EQ(view.out, "a,b\n3,3\n");
}

TEST_F(Direction, OfAMetricWithoutOneNothingIsCalledBest) {
  ASSERT_EQ(run("epochs=3\n").exit_code, 0);
  expect_refused({"best", "--metric", "temperature"},
                 "does not declare whether a lower or a higher 'temperature' is better");
  const Finished told = succeed({"best", "--metric", "temperature", "--highest"});
  expect_in(told.out, " 3 ");
  const Finished view =
      program_.run({"sql", "--format", "csv",
                    "select count(*) as n from best_epochs where metric = 'temperature'"});
  EXPECT_EQ(view.out, "n\n0\n");
}

TEST_F(Direction, WhatChangesTheObjectiveIsKeptApart) {
  ASSERT_EQ(run("epochs=3\n[sweep.grid]\ndataset_size=[10,1000]\nclasses=['ten','hundred']\n"
                "weight=[1.0,2.0]\n")
                .exit_code,
            0);
  const Finished best = program_.run({"best"});
  expect_in(best.out, "hundred");
  expect_in(best.err, "runs that differ in classes cannot be compared by val.accuracy");
  const Finished loss = program_.run({"best", "--metric", "train.loss"});
  expect_in(loss.err, "runs that differ in classes, weight cannot be compared");
}

TEST_F(Direction, RunsOfAnotherLengthAreNotAveragedUnsaid) {
  ASSERT_EQ(run("epochs=3\nseeds=[0,1,2]\n").exit_code, 0);
  ASSERT_EQ(run("epochs=5\nseeds=[0]\n").exit_code, 0);
  const Finished listed = program_.run({"ls"});
  expect_in(listed.out, "(2 of 3, epoch 3)");
  const Finished best = program_.run({"best"});
  expect_in(best.err, "runs that differ in epochs cannot be compared");
  const Finished limited = program_.run({"best", "--limit", "1"});
  EXPECT_EQ(std::count(limited.out.begin(), limited.out.end(), '\n'), 3)
      << "each length has its best: " << limited.out;
}

TEST_F(Direction, IsReportedAsDeclared) {
  ASSERT_EQ(run("epochs=6\nseeds=[0,1,2]\n[sweep.grid]\ndataset_size=[10,1000]\n"
                "[[claim]]\ntext='More data is more accurate'\nmetric='val.accuracy'\n"
                "kind='better_than'\nover='dataset_size'\nvalue=1000\nthan=10\n")
                .exit_code,
            0);
  succeed({"report", "s.toml"});
  const std::string page = read_file(program_ / "report/report.md");
  for (const char* part :
       {"### supported: More data is more accurate", "the last val.accuracy is better (higher) at",
        "its highest value is", "The highest final val.accuracy is that of dataset_size 1000"}) {
    expect_in(page, part);
  }
  expect_not_in(page, "lowest final");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The cells of a Markdown row that hold numbers of metrics: those behind the first `from`.
std::vector<std::string> metric_cells(const std::string& row, std::size_t from) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) {
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
  }
  cells.erase(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(from));
  return cells;
}

/// What follows "Again:" is typed into a shell, and gives the table's own rows and no other.
TEST_F(Direction, TheCommandsOfAReportGiveItsTables) {
  ASSERT_EQ(run("epochs=4\nseeds=[0,1,2]\n[sweep.grid]\ndataset_size=[1000,10]\n").exit_code, 0);
  // Another sweep of the same name must not get among them.
  ASSERT_EQ(program_.run({"run", "s.toml", "dataset_size=[7]"}).exit_code, 0);
  ASSERT_EQ(program_.run({"report", "s.toml"}).exit_code, 0);
  const std::string page = read_file(program_ / "report/report.md");
  for (const auto& [heading, from] :
       std::map<std::string, std::size_t>{{"## Results", 4}, {"### Over seeds", 2}}) {
    const std::size_t at = page.find(heading);
    ASSERT_NE(at, std::string::npos) << heading;
    const std::size_t again = page.find("    epochal ls", at);
    const std::string command = page.substr(again + 4, page.find('\n', again) - again - 4);
    std::vector<std::string> rows;
    for (const std::string& line : lines_of(page.substr(at, again - at))) {
      if (line.starts_with("| ")) rows.push_back(line);
    }
    ASSERT_GE(rows.size(), 2u) << "a heading and a run";
    const Finished listed = program_.shell(command);
    ASSERT_EQ(listed.exit_code, 0) << command << "\n" << listed.err;
    const std::vector<std::string> lines = lines_of(listed.out);
    ASSERT_EQ(lines.size(), rows.size()) << command << "\n" << listed.out;
    for (std::size_t row = 1; row < rows.size(); ++row) {
      for (const std::string& cell : metric_cells(rows[row], from)) {
        EXPECT_NE(lines[row].find(cell), std::string::npos) << cell << " in " << lines[row];
      }
    }
  }
}

TEST_F(Direction, IsShownWithTheExperiment) {
  const Finished shown = program_.run({"experiments", "show", "accuracy"});
  expect_in(shown.out, "val.accuracy  higher");
  expect_in(shown.out, "(the objective)");
}

}  // namespace
}  // namespace epochal::test

// Every table of report.md and of index.html, cell by cell, against numbers worked out by hand.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>
#include <sstream>

#include "reports/statistics/comparable_runs.h"
#include "reports/statistics/importance.h"
#include "tests/reports/golden_data.h"
#include "tests/reports/written_report.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using golden::full_grid;
using golden::study;
using test::expect_in;
using test::expect_not_in;
using TableRows = std::vector<std::string>;

/// Lines of the Markdown table under this head, without what only marks up.
TableRows markdown_rows(const std::string& text, const std::string& head) {
  const std::string line = "| " + head + " |\n";
  std::istringstream rest(text.substr(std::min(text.find(line), text.size())));
  std::string row;
  std::getline(rest, row);
  std::getline(rest, row);
  TableRows rows;
  while (std::getline(rest, row) && row.starts_with('|')) {
    std::erase_if(row, [](char c) { return c == '`' || c == '\\'; });
    rows.push_back(row.substr(2, row.size() - 4));
  }
  return rows;
}

/// The same of the page's table.
TableRows page_rows(const std::string& page, const std::string& head) {
  static const std::regex between("</t[hd]><t[hd][^>]*>");
  static const std::regex tag("<[^>]*>");
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = page.find("</table>", begin)) != std::string::npos;
       begin = end + 1) {
    TableRows rows;
    for (std::size_t at = page.find("<tr>", begin); at < end; at = page.find("<tr>", at + 1)) {
      const std::string row = page.substr(at, page.find("</tr>", at) - at);
      rows.push_back(std::regex_replace(std::regex_replace(row, between, " | "), tag, ""));
    }
    if (!rows.empty() && rows.front() == head) return {rows.begin() + 1, rows.end()};
  }
  return {};
}

void expect_table(const WrittenReport& report, const std::string& head, const TableRows& rows) {
  EXPECT_EQ(markdown_rows(report.text, head), rows);
  EXPECT_EQ(page_rows(report.page, head), rows);
}

void expect_text(const WrittenReport& report, const std::string& words) {
  expect_in(report.text, words);
  expect_in(report.page, words);
}

TEST(GoldenTables, OfAStudyWhereLessIsBetter) {
  ReportData data = study(Better::lower);
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    data.runs[i].run.parameters.set("batch", static_cast<std::int64_t>(i < 2 ? 4 : 5));
    data.runs[i].run.parameters.set("rate", i == 1 ? 0.5 : 0.25);
  }
  data.parameter_specs["size"] = integer_parameter("size", 1, "how many").in("images");
  const WrittenReport report(data);
  // 10 + 11 + 24 + 50 + 13 = 108 s.
  expect_text(
      report,
      "5 runs of the experiment study, compared by size; 1 unfinished; 1 min 48 s of training "
      "recorded.");
  expect_table(report, "run | setting | seed | state | val.total | train.total",
               {"aaaaaaaaaa | size 10 | 1 | finished, 3 epochs | 3 | 1.5",
                "bbbbbbbbbb | size 10 | 2 | finished, 3 epochs | 4.5 | 3.6",
                "cccccccccc | size 30 | 1 | finished, 3 epochs | 1.75 | 2.5",
                "dddddddddd | size 30 | 2 | interrupted, 2 of 3 epochs | 3.5 | 1.4",
                "eeeeeeeeee | size 30 | 3 | finished, 3 epochs | 2.25 | 3"});
  expect_table(report, "run | setting | val.total | train.total",
               {"aaaaaaaaaa | size 10, seed 1 | 3 (3) | 1.5 (3)",
                "bbbbbbbbbb | size 10, seed 2 | 4.5 (3) | 3 (1)",
                "cccccccccc | size 30, seed 1 | 1.25 (2) | 2.5 (3)",
                "dddddddddd | size 30, seed 2 | 3.5 (2) | 1.4 (2)",
                "eeeeeeeeee | size 30, seed 3 | 2.25 (3) | 1 (1)"});
  // Deviations of two: 1.5, 2.1, 0.5 and 0.5 over sqrt 2.
  expect_table(report, "setting | seeds | val.total | train.total",
               {"size 10 | 2 | 3.75 ± 1.1 | 2.55 ± 1.5",
                "size 30 | 3 | 2 ± 0.35 (2 of 3, epoch 3) | 2.75 ± 0.35 (2 of 3, epoch 3)"});
  expect_table(report, "parameter | value | unit | meaning",
               {"batch | 4 at 10, 5 at 30 |  | ", "rate | 0.25, 0.5 |  | ",
                "size | 10, 30 | images | how many"});
}

TEST(GoldenTables, OfAStudyWhereMoreIsBetter) {
  const WrittenReport report(study(Better::higher));
  expect_table(report, "run | setting | val.total | train.total",
               {"aaaaaaaaaa | size 10, seed 1 | 8 (1) | 4 (1)",
                "bbbbbbbbbb | size 10, seed 2 | 12 (1) | 4 (2)",
                "cccccccccc | size 30, seed 1 | 6 (1) | 5 (2)",
                "dddddddddd | size 30, seed 2 | 7 (1) | 2 (1)",
                "eeeeeeeeee | size 30, seed 3 | 5 (1) | 3 (3)"});
  expect_text(
      report,
      "The highest final val.total is that of size 10 (3.75), which is the best; size 30 follows, "
      "1.75 lower.");
}

TEST(GoldenTables, OfTimesAndMachines) {
  const WrittenReport report(study(Better::lower));
  // An epoch: 10/3, 11/3, 24/3, 50/2, 13/3 s. Images over seconds of training: 31/8.5, 31/9.5,
  // 91/19.7, 60/40, 91/9.1. Waiting: 0.85/8.5, 1.14/9.5, 3.94/19.7, 14/40, 0.455/9.1.
  expect_table(
      report,
      "setting | state | time | an epoch | images/s | waiting for data | peak memory | device | "
      "threads | attempts",
      {"size 10, seed 1 | finished, 3 epochs | 10 s | 3.3 s | 3.647 | 10.0 % | 7.3 MB | cpu | 4 | "
       "1",
       "size 10, seed 2 | finished, 3 epochs | 11 s | 3.7 s | 3.263 | 12.0 % | 9.1 MB | cpu, "
       "cuda:0 | 4, 6 | 2",
       "size 30, seed 1 | finished, 3 epochs | 24 s | 8.0 s | 4.619 | 20.0 % | 11.0 MB (device 2.5 "
       "GB) | cpu, cuda:0 | 5 | 2",
       "size 30, seed 2 | interrupted, 2 of 3 epochs | 50 s | 25 s | 1.5 | 35.0 % |  | cpu | 3 | 2",
       "size 30, seed 3 | finished, 3 epochs | 13 s | 4.3 s | 10 | 5.0 % | 13.0 MB | cpu | 7 | 2"});
  expect_table(report, "host | CPU | cores | memory | GPU | system | libraries",
               {"alpha | Xeon | 8 | 64.3 GB | none | Debian | torch 2.1",
                "beta | Xeon | 16 | 128.7 GB | GTX, 8.1 GB, driver 535 | Debian | torch "
                "2.1"});
  expect_text(report,
              "size 10, seed 2 resumed at epoch 2 on cuda:0 of beta; earlier epochs ran on cpu "
              "of alpha.");
  expect_text(report,
              "size 30, seed 1 resumed at epoch 3 on cuda:0 of alpha; earlier epochs ran on cpu "
              "of alpha.");
  expect_text(report,
              "size 30, seed 2 resumed at epoch 2 on cpu of beta; earlier epochs ran on cpu of "
              "alpha.");
  expect_not_in(report.text, "size 30, seed 3 resumed");
}

TEST(GoldenTables, OfWhatParametersExplainAtEachGamma) {
  // At gamma 1 a step of width is 3, of depth 2. Sums of squares around the mean: width 4 * 9 * 2 =
  // 72, depth 3 * 4 * 5 = 60, all 132. Epsilon squared: (72 - 2 * 60/9) / 132 = 0.444 and
  // (60 - 3 * 72/8) / 132 = 0.25. At gamma 7 a step of width is 2, of depth 3: 32, 135 and 167;
  // (135 - 3 * 32/8) / 167 = 0.737 and (32 - 2 * 135/9) / 167 = 0.012. F of width at gamma 1 is
  // (72/2) / (60/9) = 5.4, p 0.029, which Holm doubles (golden_values.py).
  ReportData data = full_grid(Better::lower);
  for (const ReportedRun& run : full_grid(Better::lower, 3, 2).runs) data.runs.push_back(run);
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    data.runs[i].run.parameters.set("gamma", static_cast<std::int64_t>(i < 12 ? 1 : 7));
  }
  const std::string head = "parameter | share of the variance";
  data.declarations = golden::declared(Better::lower, {"gamma"});
  expect_table(WrittenReport(data), head,
               {"width (gamma 1) | 44 % (may be chance)", "depth (gamma 1) | 25 % (may be chance)",
                "depth (gamma 7) | 74 %", "width (gamma 7) | 1 % (may be chance)"});
  expect_table(WrittenReport(full_grid(Better::higher)), head,
               {"width | 44 % (may be chance)", "depth | 25 % (may be chance)"});
  ReportData few = full_grid(Better::lower);
  for (std::size_t i = 0; i < few.runs.size(); ++i) {
    few.runs[i].run.group_identity = std::to_string(i / 4);
  }
  expect_table(WrittenReport(few), head,
               {"width | 44 % (not tested)", "depth | 25 % (not tested)"});
}

TEST(GoldenTables, OfMoreRunsAndMetricsThanAnybodyReads) {
  std::vector<ReportedRun> runs;
  for (int i = 0; i < 1001; ++i) {
    runs.push_back(golden::sized('a', i, 1, {1.0 + i}));
    runs.back().colour = i;
  }
  ReportData data = golden::data_of(std::move(runs), Better::lower);
  data.metrics_left_out = 5;
  const WrittenReport report(data);
  EXPECT_EQ(
      markdown_rows(report.text, "run | setting | seed | state | val.total | train.total").size(),
      1000U);
  expect_text(report, "The tables and figures show 1,000 of 1,001 runs and 2 of 7 metrics.");
}

TEST(GoldenTables, AveragesSayOfHowMany) {
  EXPECT_EQ(average_text({2, 3}, 3, 7), "2.5 ± 0.71 (2 of 3, epoch 7)");
  EXPECT_EQ(average_text({2, 3}, 2, 7), "2.5 ± 0.71");
  EXPECT_EQ(average_text({2}, 1, 7), "2");
  EXPECT_EQ(average_text({2, std::nan(""), 3}, 3, 7), "2.5 ± 0.71 (2 of 3, epoch 7)");
  EXPECT_EQ(average_text({std::numeric_limits<double>::infinity(), std::nan("")}, 2, 7),
            "not finite");
  EXPECT_EQ(average_text({std::nan("")}, 1, 7), "nan");
  EXPECT_EQ(average_text({}, 2, 0), "…");
  EXPECT_EQ(average_text({}, 1, 0), "");
}

TEST(GoldenTables, ReplicatesOfTheLengthOfMost) {
  const auto averaged = [](const std::vector<std::pair<Epoch, store::RunStatus>>& of) {
    std::vector<store::RunRecord> runs(of.size());
    std::vector<std::size_t> group;
    for (std::size_t i = 0; i < of.size(); ++i) {
      runs[i].epochs = runs[i].epochs_done = of[i].first;
      runs[i].status = of[i].second;
      group.push_back(i);
    }
    return averaged_runs(runs, group);
  };
  using enum store::RunStatus;
  using Indices = std::vector<std::size_t>;
  EXPECT_EQ(averaged({{2, finished}, {3, finished}, {2, finished}}), (Indices{0, 2}));
  EXPECT_EQ(averaged({{2, finished}, {3, finished}}), (Indices{1})) << "the longer of two";
  EXPECT_EQ(averaged({{3, running}, {2, finished}, {3, failed}}), (Indices{1}));
}

TEST(GoldenTables, TheFirstOfEquallyGoodEpochsIsTheBest) {
  const ReportedRun run = golden::sized('a', 10, 1, {3, 2, 5, 2, 5});
  EXPECT_EQ(best_epoch(run, "val.total", golden::declared(Better::lower))->epoch, 2);
  EXPECT_EQ(best_epoch(run, "val.total", golden::declared(Better::higher))->epoch, 3);
}

TEST(GoldenTables, NumbersAreTakenAsTheyAre) {
  EXPECT_EQ(number_of(ParameterValue(0.25)), 0.25);
  EXPECT_EQ(number_of(ParameterValue(std::int64_t{7})), 7);
  EXPECT_EQ(number_of(ParameterValue(std::string("7"))), std::nullopt);
  EXPECT_EQ(number_of(ParameterValue(true)), std::nullopt);
}

TEST(GoldenImportance, FiveBinsOfEquallyManyRuns) {
  // Twelve rates in bins of 3, 2, 3, 2 and 2; golden_values.py has the share.
  const golden::Values by_rate{9, 10, 12, 3, 4, 8, 7.5, 6, 15, 13, 1, 2.5};
  std::vector<std::array<double, 3>> points;
  for (const std::size_t i : {7, 2, 11, 4, 0, 9, 1, 10, 3, 6, 8, 5}) {
    points.push_back({0.1 + static_cast<double>(i * i), 2, by_rate[i]});
  }
  ReportData data = golden::grid(points, Better::lower);
  data.varying = {"depth"};
  std::vector<const ReportedRun*> runs;
  for (const ReportedRun& run : data.runs) runs.push_back(&run);
  const auto found = importance_of(data, runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].share, 0.924410, 1e-6);
  runs.pop_back();
  EXPECT_TRUE(importance_of(data, runs).empty()) << "eleven are too few";
}

}  // namespace
}  // namespace epochal::report

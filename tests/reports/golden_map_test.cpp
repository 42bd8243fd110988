// Crowds of runs, heat maps and parallel lines, against numbers worked out by hand.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/reports/golden_data.h"
#include "tests/reports/golden_plot.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using golden::drawn;
using golden::figure_of;
using golden::full_grid;
using golden::grid;
using golden::sized;
using golden::text_of;
using test::expect_in;
using test::expect_not_in;

/// One run a setting and a value.
ReportData crowd(const golden::Values& values, std::optional<Better> better) {
  std::vector<ReportedRun> runs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    runs.push_back(sized('a', static_cast<std::int64_t>(i), 1, {values[i]}));
    runs.back().colour = static_cast<int>(i);
  }
  return golden::data_of(std::move(runs), better);
}

std::string coloured(const ReportData& data) {
  std::string text;
  for (const Curve& curve : figure_of(data, "compare-01-val-total").plot.curves) {
    if (curve.colour < 0) continue;
    text += fmt::format("{} {} {}\n", curve.colour, curve.label, curve.points.front().second);
  }
  return text;
}

TEST(GoldenCrowds, OfACrowdTheBestFinishedAreInColour) {
  ReportData data = crowd({5, 3, 8, 1, 9, 2, 7, 4, 6, 0}, Better::lower);
  data.runs.back().run.status = store::RunStatus::running;
  EXPECT_EQ(coloured(data),
            "0 size 3, seed 1 1\n1 size 5, seed 1 2\n2 size 1, seed 1 3\n3 size 7, seed 1 4\n"
            "4 size 0, seed 1 5\n");
  EXPECT_EQ(figure_of(data, "compare-01-val-total").plot.curves.size(), 15U);
  EXPECT_EQ(figure_of(data, "compare-01-val-total").caption,
            "val.total by epoch of 10 runs; of the finished ones the 5 that end best are in "
            "colour.");
  data.declarations = golden::declared(Better::higher);
  EXPECT_EQ(coloured(data),
            "0 size 4, seed 1 9\n1 size 2, seed 1 8\n2 size 6, seed 1 7\n3 size 8, seed 1 6\n"
            "4 size 0, seed 1 5\n");
  data.declarations = golden::declared(std::nullopt);
  EXPECT_EQ(coloured(data), "");
  data.declarations = golden::declared(Better::lower, {"size"});
  EXPECT_EQ(coloured(data), "") << "no two of them compare";
}

TEST(GoldenCrowds, FewerThanFiveAreFinished) {
  ReportData data = crowd({5, 3, 8, 1, 9, 2, 7, 4}, Better::lower);
  for (std::size_t i = 2; i < data.runs.size(); ++i)
    data.runs[i].run.status = store::RunStatus::running;
  EXPECT_EQ(coloured(data), "0 size 1, seed 1 3\n1 size 0, seed 1 5\n");
  EXPECT_EQ(figure_of(data, "compare-01-val-total").caption,
            "val.total by epoch of 8 runs; of the finished ones the 2 that end best are in colour; "
            "logarithmic axis.");
  data.runs[1].run.status = store::RunStatus::running;
  EXPECT_EQ(figure_of(data, "compare-01-val-total").caption,
            "val.total by epoch of 8 runs; of the finished ones the one that ends best is in "
            "colour; logarithmic axis.");
}

TEST(GoldenCrowds, EightSettingsAreACrowd) {
  const auto strokes = [](std::size_t count) {
    const Plot plot =
        figure_of(crowd(golden::Values(count, 2), Better::lower), "compare-01-val-total").plot;
    return std::count_if(plot.curves.begin(), plot.curves.end(), [](const Curve& curve) {
      return curve.stroke == Curve::Stroke::faint && curve.colour == -1;
    });
  };
  EXPECT_EQ(strokes(7), 0);
  EXPECT_EQ(strokes(8), 8);
  EXPECT_EQ(strokes(200), 200);
  EXPECT_EQ(strokes(201), 101) << "every second";
}

TEST(GoldenMaps, HeatMapOfMeans) {
  // (2+5)/2 in the corner; no run of 2 and 7 is finished, none of 10 and 5 is there.
  ReportData data =
      grid({{1, 5, 2}, {1, 5, 5}, {1, 7, 4}, {2, 5, 9}, {10, 7, 11}, {2, 7, 1}}, Better::lower);
  data.runs.back().run.status = store::RunStatus::interrupted;
  const Figure figure = figure_of(data, "map");
  EXPECT_EQ(text_of(figure.plot),
            "depth / width\n"
            "x 0 is 1\nx 1 is 2\nx 2 is 10\n"
            "y 0 is 5\ny 1 is 7\n"
            "cells 3.5 9 nan\n"
            "cells 4 nan 11\n");
  EXPECT_EQ(figure.caption,
            "Mean of the last val.total of all finished runs at each pair of depth and width; dark "
            "is low.");
}

TEST(GoldenMaps, HeatMapHasWhatExplainsMostOnItsXAxis) {
  // Sums of squares: width 4 * 9 * 2 = 72, depth 3 * 4 * 5 = 60; so width comes first.
  EXPECT_EQ(drawn(full_grid(Better::lower), "map"),
            "width / depth\n"
            "x 0 is 1\nx 1 is 3\nx 2 is 5\n"
            "y 0 is 5\ny 1 is 6\ny 2 is 7\ny 3 is 8\n"
            "cells 1 4 7\ncells 3 6 9\ncells 5 8 11\ncells 7 10 13\n");
}

TEST(GoldenMaps, HeatMapInBins) {
  // 13 values of depth from 0 to 12: eight bins of 1.5. The value is 10 depth + width.
  std::vector<std::array<double, 3>> points;
  for (int i = 0; i < 13; ++i) {
    const double width = i % 2 == 0 ? 2 : 3;
    points.push_back({static_cast<double>(i), width, 10.0 * i + width});
  }
  EXPECT_EQ(drawn(grid(points, Better::lower), "map"),
            "depth / width\n"
            "x 0 is 0 to 1.5\nx 1 is 1.5 to 3\nx 2 is 3 to 4.5\nx 3 is 4.5 to 6\n"
            "x 4 is 6 to 7.5\nx 5 is 7.5 to 9\nx 6 is 9 to 10.5\nx 7 is 10.5 to 12\n"
            "y 0 is 2\ny 1 is 3\n"
            "cells 2 22 42 nan 62 82 102 122\n"
            "cells 13 nan 33 53 73 nan 93 113\n");
  points.pop_back();
  EXPECT_EQ(figure_of(grid(points, Better::lower), "map").plot.x_ticks.size(), 12U);
}

TEST(GoldenMaps, HeatMapInBinsOfARatio) {
  // From 1 to 4096: each bin ends at 2^1.5 times its beginning.
  std::vector<std::array<double, 3>> points;
  for (int i = 0; i < 13; ++i) {
    points.push_back({std::pow(2.0, i), i % 2 == 0 ? 2.0 : 3.0, 10.0 * i});
  }
  std::vector<std::string> labels;
  for (const auto& [x, label] : figure_of(grid(points, Better::lower), "map").plot.x_ticks) {
    labels.push_back(label);
  }
  EXPECT_EQ(labels, (std::vector<std::string>{"1 to 2.83", "2.83 to 8", "8 to 22.6", "22.6 to 64",
                                              "64 to 181", "181 to 512", "512 to 1.45e+03",
                                              "1.45e+03 to 4.1e+03"}));
}

TEST(GoldenMaps, ParallelLines) {
  // Of twelve runs two are the best fifth: 1 and 3 of 1 to 13. Widths at 0, 1/2, 1; depths at 0,
  // 1/3, 2/3, 1; values at (value - 1) / 12. The best are drawn last.
  const Figure figure = figure_of(full_grid(Better::lower), "parallel");
  const std::string text = text_of(figure.plot);
  EXPECT_EQ(text.substr(0, text.find("faint -1 [] 0 1, 1 0,")),
            " / \n"
            "faint -1 [] 0 1, 1 1, 2 1\n"
            "faint -1 [] 0 1, 1 0.666667, 2 0.833333\n"
            "faint -1 [] 0 0.5, 1 1, 2 0.75\n"
            "faint -1 [] 0 1, 1 0.333333, 2 0.666667\n"
            "faint -1 [] 0 0.5, 1 0.666667, 2 0.583333\n");
  EXPECT_EQ(text.substr(text.find("fit")),
            "fit 0 [best fifth] 0 0, 1 0.333333, 2 0.166667\n"
            "fit 0 [] 0 0, 1 0, 2 0\n"
            "x 0 is width\nx 1 is depth\nx 2 is val.total\n"
            "y 0 is smallest\ny 1 is largest\n");
  EXPECT_EQ(figure.plot.curves.size(), 12U);
  EXPECT_EQ(
      figure.caption,
      "Each line is a finished run, from its parameters, in steps of equal size, to its last "
      "val.total: width from 1 to 5, depth from 5 to 8, val.total from 1 to 13. The fifth with "
      "the lowest values is in colour.");
}

TEST(GoldenMaps, ParallelLinesWhereMoreIsBetter) {
  const Figure figure = figure_of(full_grid(Better::higher), "parallel");
  const std::string text = text_of(figure.plot);
  EXPECT_EQ(text.substr(text.find("fit"), text.find("x 0") - text.find("fit")),
            "fit 0 [best fifth] 0 1, 1 0.666667, 2 0.833333\n"
            "fit 0 [] 0 1, 1 1, 2 1\n");
  expect_in(figure.caption, " val.total from 1 to 13. The fifth with the highest values is");
  const Figure undeclared = figure_of(full_grid(std::nullopt), "parallel");
  expect_not_in(text_of(undeclared.plot), "fit");
  expect_not_in(undeclared.caption, "fifth");
}

TEST(GoldenMaps, TheBestOfFourIsOne) {
  const std::string text =
      drawn(grid({{1, 2, 3}, {1, 4, 5}, {2, 2, 8}, {2, 4, 7}}, Better::lower), "parallel");
  EXPECT_EQ(text.substr(text.find("fit"), text.find("x 0") - text.find("fit")),
            "fit 0 [best fifth] 0 0, 1 0, 2 0\n");
}

TEST(GoldenMaps, EachGammaHasItsMapAndItsLines) {
  ReportData data = full_grid(Better::lower);
  for (const ReportedRun& run : full_grid(Better::lower).runs) {
    data.runs.push_back(run);
    data.runs.back().metrics["val.total"][0].value *= 100;
  }
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    data.runs[i].run.parameters.set("gamma", static_cast<std::int64_t>(i < 12 ? 1 : 7));
  }
  data.declarations = golden::declared(Better::lower, {"gamma"});
  expect_in(drawn(data, "map"), "cells 1 4 7\n");
  const Figure second = figure_of(data, "map-2");
  expect_in(text_of(second.plot), "cells 100 400 700\n");
  EXPECT_EQ(second.plot.title, "Last val.total by width and depth at gamma 7");
  expect_in(figure_of(data, "parallel-2").caption, "finished run at gamma 7, from");
  expect_in(figure_of(data, "parallel-2").caption, "val.total from 100 to 1300.");
}

}  // namespace
}  // namespace epochal::report

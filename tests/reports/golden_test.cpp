// The data of every figure, point by point, against numbers worked out by hand. Those of SciPy are
// printed by golden_values.py.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/reports/golden_data.h"
#include "tests/reports/golden_plot.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using golden::drawn;
using golden::figure_of;
using golden::of_two_gammas;
using golden::sized;
using golden::study;
using golden::text_of;
using test::expect_in;

std::vector<std::string> names_of(const ReportData& data) {
  std::vector<std::string> names;
  for (const Figure& figure : figures_of(data)) names.push_back(figure.plot.name);
  return names;
}

const std::string kMeans =
    " of 5 runs; strong lines are means over seeds as far as all of them go, bands reach from the "
    "lowest seed to the highest, thin lines are single runs";

TEST(GoldenFigures, EachHasItsPlace) {
  EXPECT_EQ(
      names_of(study(Better::lower)),
      (std::vector<std::string>{
          "compare-01-val-total", "compare-02-val-total", "compare-03-val-total", "final-by-size",
          "compare-04-train-total", "gap-val-total", "cost-seconds", "cost-rate", "cost-memory",
          "cost-processor", "cost-gpu", "run-001-aaaaaaaaaa", "run-002-bbbbbbbbbb",
          "run-003-cccccccccc", "run-004-dddddddddd", "run-005-eeeeeeeeee"}));
}

TEST(GoldenFigures, ComparisonByEpoch) {
  // Means: (8+12)/2, (7+6)/2, (3+4.5)/2; (6+7+5)/3, (1.25+3.5+2.5)/3 = 7.25/3. Not all three seeds
  // of size 30 have an epoch 3, so it has no mean.
  const Figure figure = figure_of(study(Better::lower), "compare-01-val-total");
  EXPECT_EQ(text_of(figure.plot),
            "epoch / val.total\n"
            "faint 0 [] 1 8, 2 7, 3 3\n"
            "faint 0 [] 1 12, 2 6, 3 4.5\n"
            "faint 1 [] 1 6, 2 1.25, 3 1.75\n"
            "faint 1 [] 1 7, 2 3.5\n"
            "faint 1 [] 1 5, 2 2.5, 3 2.25\n"
            "solid 0 [size 10 (mean)] 1 10, 2 6.5, 3 3.75\n"
            "solid 1 [size 30 (mean)] 1 6, 2 2.41667\n"
            "band 0 1 8 12, 2 6 7, 3 3 4.5\n"
            "band 1 1 5 7, 2 1.25 3.5\n");
  // 12 is more than 8 times 1.25.
  EXPECT_EQ(figure.caption, "val.total by epoch" + kMeans + "; logarithmic axis.");
  EXPECT_EQ(figure.plot.y_axis, AxisScale::logarithmic);
}

TEST(GoldenFigures, ASeedThatDivergedLeavesTheBandToTheOthers) {
  ReportData data =
      golden::data_of({sized('a', 10, 1, {5, NAN, NAN}), sized('b', 10, 2, {3, 6, NAN}),
                       sized('c', 10, 3, {4, 2, NAN})},
                      Better::lower);
  const std::string text = drawn(data, "compare-01-val-total");
  expect_in(text, "solid 0 [size 10 (mean)] 1 4, 2 nan, 3 nan\nband 0 1 3 5, 2 2 6, 3 nan nan\n");
}

TEST(GoldenFigures, ComparisonOfTraining) {
  // Means: 7/2, 6.8/2, 5.1/2; 7/3, 8.4/3.
  EXPECT_EQ(drawn(study(Better::lower), "compare-04-train-total"),
            "epoch / train.total\n"
            "faint 0 [] 1 4, 2 2.8, 3 1.5\n"
            "faint 0 [] 1 3, 2 4, 3 3.6\n"
            "faint 1 [] 1 4, 2 5, 3 2.5\n"
            "faint 1 [] 1 2, 2 1.4\n"
            "faint 1 [] 1 1, 2 2, 3 3\n"
            "solid 0 [size 10 (mean)] 1 3.5, 2 3.4, 3 2.55\n"
            "solid 1 [size 30 (mean)] 1 2.33333, 2 2.8\n"
            "band 0 1 3 4, 2 2.8 4, 3 1.5 3.6\n"
            "band 1 1 1 4, 2 1.4 5\n");
}

TEST(GoldenFigures, ComparisonBySamples) {
  // Size 10 sees 10, 10 and 11 images: 10, 20, 31. Size 30 sees 30, 30 and 31: 30, 60, 91.
  EXPECT_EQ(drawn(study(Better::lower), "compare-02-val-total"),
            "training images seen / val.total\n"
            "faint 0 [] 10 8, 20 7, 31 3\n"
            "faint 0 [] 10 12, 20 6, 31 4.5\n"
            "faint 1 [] 30 6, 60 1.25, 91 1.75\n"
            "faint 1 [] 30 7, 60 3.5\n"
            "faint 1 [] 30 5, 60 2.5, 91 2.25\n"
            "solid 0 [size 10 (mean)] 10 10, 20 6.5, 31 3.75\n"
            "solid 1 [size 30 (mean)] 30 6, 60 2.41667\n"
            "band 0 10 8 12, 20 6 7, 31 3 4.5\n"
            "band 1 30 5 7, 60 1.25 3.5\n");
}

TEST(GoldenFigures, ComparisonBySeconds) {
  // Sums of whole epochs: 2+3+5, 1+4+6, 7+8+9, 20+30, 3+4+6. No two seeds share a place.
  const Figure figure = figure_of(study(Better::lower), "compare-03-val-total");
  EXPECT_EQ(text_of(figure.plot),
            "training time (s) / val.total\n"
            "solid 0 [size 10] 2 8, 5 7, 10 3\n"
            "solid 0 [] 1 12, 5 6, 11 4.5\n"
            "solid 1 [size 30] 7 6, 15 1.25, 24 1.75\n"
            "solid 1 [] 20 7, 50 3.5\n"
            "solid 1 [] 3 5, 7 2.5, 13 2.25\n");
  EXPECT_EQ(figure.caption,
            "val.total by training time (s) of 5 runs; seeds of one setting share a colour; "
            "logarithmic axis.");
}

TEST(GoldenFigures, EpochsWithoutAMetricCountAsSeen) {
  ReportData data = study(Better::lower);
  data.runs.erase(data.runs.begin() + 1, data.runs.end());
  data.runs[0].metrics["val.total"] = {{2, 7}};
  EXPECT_EQ(drawn(data, "compare-02-val-total"),
            "training images seen / val.total\nsolid 0 [size 10] 20 7\n");
  EXPECT_EQ(drawn(data, "compare-03-val-total"),
            "training time (s) / val.total\nsolid 0 [size 10] 5 7\n");
}

TEST(GoldenFigures, ValidationOverTraining) {
  // 8/4, 7/2.8, 3/1.5; 12/3, 6/4, 4.5/3.6; 6/4, 1.25/5, 1.75/2.5; 7/2, 3.5/1.4; 5/1, 2.5/2, 2.25/3.
  // Means: 6/2, 4/2, 3.25/2; (1.5+3.5+5)/3, (0.25+2.5+1.25)/3.
  const Figure figure = figure_of(study(Better::lower), "gap-val-total");
  EXPECT_EQ(text_of(figure.plot),
            "epoch / ratio\n"
            "faint 0 [] 1 2, 2 2.5, 3 2\n"
            "faint 0 [] 1 4, 2 1.5, 3 1.25\n"
            "faint 1 [] 1 1.5, 2 0.25, 3 0.7\n"
            "faint 1 [] 1 3.5, 2 2.5\n"
            "faint 1 [] 1 5, 2 1.25, 3 0.75\n"
            "solid 0 [size 10 (mean)] 1 3, 2 2, 3 1.625\n"
            "solid 1 [size 30 (mean)] 1 3.33333, 2 1.33333\n"
            "band 0 1 2 4, 2 1.5 2.5, 3 1.25 2\n"
            "band 1 1 1.5 5, 2 0.25 2.5\n");
  EXPECT_EQ(figure.caption, "val.total divided by train.total" + kMeans +
                                ". A ratio that grows is a sign of overfitting.");
  EXPECT_EQ(figure_of(study(Better::higher), "gap-val-total").caption,
            "val.total divided by train.total" + kMeans +
                ". A ratio that falls is a sign of overfitting.");
  EXPECT_EQ(figure_of(study(std::nullopt), "gap-val-total").caption,
            "val.total divided by train.total" + kMeans + ".");
}

TEST(GoldenFigures, FinalValuesOfFinishedRuns) {
  // Means: (3+4.5)/2 and (1.75+2.25)/2 of validation, (1.5+3.6)/2 and (2.5+3)/2 of training.
  const Figure figure = figure_of(study(Better::lower), "final-by-size");
  EXPECT_EQ(text_of(figure.plot),
            "size / value of the last epoch\n"
            "solid 0 [val.total] 10 3.75, 30 2\n"
            "points 0 [] 10 3, 10 4.5, 30 1.75, 30 2.25\n"
            "solid 1 [train.total] 10 2.55, 30 2.75\n"
            "points 1 [] 10 1.5, 10 3.6, 30 2.5, 30 3\n");
  EXPECT_EQ(figure.caption,
            "Last value of val.total and train.total against size; lines join the means over "
            "seeds. 1 unfinished run is left out.");
}

TEST(GoldenFigures, APowerLawWithItsIntervalOverSeeds) {
  const std::vector<std::vector<double>> seeds{
      {3, 2.5, 1.8, 1.1}, {4.5, 3.1, 2.3, 1.7}, {3.4, 2.4, 1.9, 1.2}};
  std::vector<ReportedRun> runs;
  for (std::size_t seed = 0; seed < seeds.size(); ++seed) {
    std::int64_t size = 10;
    for (const double end : seeds[seed]) {
      runs.push_back(sized('a', size, seed, {end}));
      size *= 2;
    }
  }
  const ReportData data = golden::of_sizes(std::move(runs), Better::lower);
  // golden_values.py.
  EXPECT_EQ(figure_of(data, "final-by-size").caption,
            "Last value of val.total against size; lines join the means over seeds. Dashed: "
            "val.total = 10.97 n^(-0.477), 95 % interval of the exponent -0.504 to -0.450 over 3 "
            "seeds.");
}

TEST(GoldenFigures, FinalValuesWithAPowerLaw) {
  ReportedRun unfinished = sized('e', 40, 1, {0.001});
  unfinished.run.status = store::RunStatus::running;
  const ReportData data =
      golden::of_sizes({sized('a', 10, 1, {3}), sized('b', 10, 2, {4.5}), sized('c', 20, 1, {2.5}),
                        sized('f', 40, 1, {1.8}), sized('d', 80, 1, {1.1}), unfinished},
                       Better::lower);
  const Figure figure = figure_of(data, "final-by-size");
  // golden_values.py; the line at 10, at 10 * sqrt(8) and at 80.
  EXPECT_EQ(
      figure.caption,
      "Last value of val.total against size; lines join the means over seeds. Dashed: "
      "val.total = 13.63 n^(-0.565), whose exponent has no interval: fewer than two seeds are "
      "everywhere. 1 unfinished run is left out.");
  ASSERT_EQ(figure.plot.curves.size(), 3U);
  const Curve& line = figure.plot.curves[0];
  ASSERT_EQ(line.points.size(), 25U);
  EXPECT_EQ(line.stroke, Curve::Stroke::fit);
  EXPECT_DOUBLE_EQ(line.points[0].first, 10);
  EXPECT_NEAR(line.points[0].second, 3.708606857297, 1e-9);
  EXPECT_NEAR(line.points[12].first, 28.284271247461902, 1e-9);
  EXPECT_NEAR(line.points[12].second, 2.060307495913, 1e-9);
  EXPECT_NEAR(line.points[24].first, 80, 1e-9);
  EXPECT_NEAR(line.points[24].second, 1.144598805172, 1e-9);
}

TEST(GoldenFigures, ThreePlacesAreNoLaw) {
  const ReportData data = golden::of_sizes(
      {sized('a', 10, 1, {3}), sized('c', 20, 1, {2.5}), sized('d', 80, 1, {1.1})}, Better::lower);
  EXPECT_EQ(text_of(figure_of(data, "final-by-size").plot),
            "size / value of the last epoch\n"
            "solid 0 [val.total] 10 3, 20 2.5, 80 1.1\n"
            "points 0 [] 10 3, 20 2.5, 80 1.1\n");
}

TEST(GoldenFigures, ScatteredPlacesAreNotJoined) {
  std::vector<ReportedRun> runs;
  for (int i = 0; i < 13; ++i) {
    runs.push_back(sized(static_cast<char>('a' + i), 10 + i, 1, {1.0 + i % 3}));
  }
  const ReportData data = golden::of_sizes(std::move(runs), Better::lower);
  const Figure figure = figure_of(data, "final-by-size");
  EXPECT_FALSE(figure.plot.curves.empty());
  for (const Curve& curve : figure.plot.curves) EXPECT_NE(curve.stroke, Curve::Stroke::solid);
}

TEST(GoldenFigures, FinalValuesAtEachGamma) {
  // The second gamma has ten times the validation: 37.5 and 20.
  const Figure figure = figure_of(of_two_gammas(Better::higher), "final-by-size");
  EXPECT_EQ(text_of(figure.plot),
            "size / value of the last epoch\n"
            "solid 0 [val.total at gamma 1] 10 3.75, 30 2\n"
            "points 0 [] 10 3, 10 4.5, 30 1.75, 30 2.25\n"
            "solid 1 [val.total at gamma 7] 10 37.5, 30 20\n"
            "points 1 [] 10 30, 10 45, 30 17.5, 30 22.5\n"
            "solid 2 [train.total at gamma 1] 10 2.55, 30 2.75\n"
            "points 2 [] 10 1.5, 10 3.6, 30 2.5, 30 3\n"
            "solid 3 [train.total at gamma 7] 10 2.55, 30 2.75\n"
            "points 3 [] 10 1.5, 10 3.6, 30 2.5, 30 3\n");
  EXPECT_EQ(figure.caption,
            "Last value of val.total and train.total against size; lines join the means over "
            "seeds. gamma changes what val.total means: val.total is compared only among runs "
            "of the same gamma. 2 unfinished runs are left out.");
}

TEST(GoldenFigures, FinalValuesByWhatChangesTheMeaning) {
  ReportData data = of_two_gammas(Better::lower);
  data.compare_by = "gamma";
  data.metrics = {"val.total", "train.total", "val.style"};
  for (std::size_t i = 0; i < data.runs.size(); ++i) {
    data.runs[i].metrics["val.style"] = {{3, 0.5 + static_cast<double>(i)}};
  }
  data.declarations = store::Declarations(
      {{"study",
        1,
        {{"val.total", Better::lower, "", ""}, {"val.style", Better::lower, "", "", {"gamma"}}},
        "val.total",
        {"gamma"}}});
  const Figure figure = figure_of(data, "final-by-gamma");
  // Runs 0, 1, 2 and 4 of gamma 1: (0.5+1.5+2.5+4.5)/4; five more at gamma 7.
  EXPECT_EQ(text_of(figure.plot),
            "gamma / value of the last epoch\n"
            "solid 0 [val.style] 1 2.25, 7 7.25\n"
            "points 0 [] 1 0.5, 1 1.5, 1 2.5, 1 4.5, 7 5.5, 7 6.5, 7 7.5, 7 9.5\n");
  EXPECT_EQ(figure.caption,
            "Last value of val.style against gamma; lines join the means over seeds and over "
            "size. val.total is "
            "not drawn, since gamma changes what it means. 2 unfinished runs are left out.");
}

TEST(GoldenFigures, CurvesOfDifferentGammasAreWarnedOf) {
  expect_in(figure_of(of_two_gammas(Better::lower), "compare-01-val-total").caption,
            ". Curves that differ in gamma cannot be compared: it changes what "
            "val.total means.");
}

TEST(GoldenFigures, CostSeconds) {
  // Means: 3/2, 7/2, 11/2; (7+20+3)/3, (8+30+4)/3.
  const Figure figure = figure_of(study(Better::lower), "cost-seconds");
  EXPECT_EQ(text_of(figure.plot),
            "epoch / s\n"
            "faint 0 [] 1 2, 2 3, 3 5\n"
            "faint 0 [] 1 1, 2 4, 3 6\n"
            "faint 1 [] 1 7, 2 8, 3 9\n"
            "faint 1 [] 1 20, 2 30\n"
            "faint 1 [] 1 3, 2 4, 3 6\n"
            "solid 0 [size 10 (mean)] 1 1.5, 2 3.5, 3 5.5\n"
            "solid 1 [size 30 (mean)] 1 10, 2 14\n"
            "band 0 1 1 2, 2 3 4, 3 5 6\n"
            "band 1 1 3 20, 2 4 30\n");
  EXPECT_EQ(figure.caption, "Time of each epoch" + kMeans + ".");
}

TEST(GoldenFigures, CostRate) {
  // Images over seconds of training: 10/1.6, 10/2.5, 11/4.4; 10/0.8, 10/3.2, 11/5.5; 30/6, 30/7.5,
  // 31/6.2; 30/16, 30/24; 30/2.5, 30/3, 31/3.6. Means: 18.75/2, 7.125/2, 4.5/2; 18.875/3, 15.25/3.
  EXPECT_EQ(drawn(study(Better::lower), "cost-rate"),
            "epoch / images/s\n"
            "faint 0 [] 1 6.25, 2 4, 3 2.5\n"
            "faint 0 [] 1 12.5, 2 3.125, 3 2\n"
            "faint 1 [] 1 5, 2 4, 3 5\n"
            "faint 1 [] 1 1.875, 2 1.25\n"
            "faint 1 [] 1 12, 2 10, 3 8.61111\n"
            "solid 0 [size 10 (mean)] 1 9.375, 2 3.5625, 3 2.25\n"
            "solid 1 [size 30 (mean)] 1 6.29167, 2 5.08333\n"
            "band 0 1 6.25 12.5, 2 3.125 4, 3 2 2.5\n"
            "band 1 1 1.875 12, 2 1.25 10\n");
}

TEST(GoldenFigures, CostMemory) {
  // Millions of bytes; the unfinished run has none, so two seeds of size 30 make its mean.
  EXPECT_EQ(drawn(study(Better::lower), "cost-memory"),
            "epoch / MB\n"
            "faint 0 [] 1 3.5, 2 7.3, 3 5\n"
            "faint 0 [] 1 2.5, 2 9.1, 3 4\n"
            "faint 1 [] 1 11, 2 8, 3 6\n"
            "faint 1 [] \n"
            "faint 1 [] 1 13, 2 9, 3 10\n"
            "solid 0 [size 10 (mean)] 1 3, 2 8.2, 3 4.5\n"
            "solid 1 [size 30 (mean)] 1 12, 2 8.5, 3 8\n"
            "band 0 1 2.5 3.5, 2 7.3 9.1, 3 4 5\n"
            "band 1 1 11 13, 2 8 9, 3 6 10\n");
}

TEST(GoldenFigures, UseOfProcessorAndGpu) {
  EXPECT_EQ(drawn(study(Better::lower), "cost-processor"),
            "epoch / share\n"
            "faint 0 [] 1 0.5, 2 0.6, 3 0.7\n"
            "faint 0 [] 1 0.7, 2 0.9, 3 0.8\n"
            "faint 1 [] \nfaint 1 [] \nfaint 1 [] \n"
            "solid 0 [size 10 (mean)] 1 0.6, 2 0.75, 3 0.75\n"
            "solid 1 [size 30 (mean)] \n"
            "band 0 1 0.5 0.7, 2 0.6 0.9, 3 0.7 0.8\n"
            "band 1 \n");
  EXPECT_EQ(drawn(study(Better::lower), "cost-gpu"),
            "epoch / share\n"
            "faint 0 [] \nfaint 0 [] \n"
            "faint 1 [] 1 0.1, 2 0.3, 3 0.2\n"
            "faint 1 [] \nfaint 1 [] \n"
            "solid 0 [size 10 (mean)] \n"
            "solid 1 [size 30 (mean)] 1 0.1, 2 0.3, 3 0.2\n"
            "band 0 \n"
            "band 1 1 0.1 0.1, 2 0.3 0.3, 3 0.2 0.2\n");
}

TEST(GoldenFigures, CurvesOfARun) {
  ReportData data = study(Better::lower);
  data.metrics.emplace_back("val.style");
  data.runs[3].metrics["val.style"] = {{1, 0.25}, {2, 0.75}};
  const Figure figure = figure_of(data, "run-004-dddddddddd");
  EXPECT_EQ(text_of(figure.plot),
            "epoch / loss\n"
            "dashed 0 [val.total] 1 7, 2 3.5\n"
            "solid 0 [train.total] 1 2, 2 1.4\n"
            "dashed 1 [val.style] 1 0.25, 2 0.75\n");
  EXPECT_EQ(figure.plot.title, "size 30, seed 2 (2 of 3 epochs)");
}

}  // namespace
}  // namespace epochal::report

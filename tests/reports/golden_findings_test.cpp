// Every sentence of the findings, word by word, against numbers worked out by hand. Intervals are
// SciPy's, printed by golden_values.py.

#include <gtest/gtest.h>

#include <cmath>

#include "reports/findings.h"
#include "reports/statistics/series.h"
#include "tests/reports/golden_data.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using golden::ending;
using golden::kBest;
using golden::kNext;
using golden::kWorst;
using golden::sized;
using golden::study;
using golden::Values;
using test::expect_in;
using test::expect_not_in;
using Sentences = std::vector<std::string>;

/// The runs of the study have threads and processors of their own.
const char* const kNoiseOfStudy =
    "The final val.total varies: not known over seeds alone; ± 0.79 over seeds and conditions "
    "together; the conditions differ, which changes bits as a seed does: 4 threads, Xeon, torch "
    "2.1 "
    "(1 run); 4 threads, Xeon, torch 2.1 and 6 threads, GTX, torch 2.1 (1 run); 5 threads, Xeon, "
    "torch 2.1 and 5 threads, cuda:0, torch 2.1 (1 run); 7 threads, Xeon, torch 2.1 (1 run).";

TEST(GoldenFindings, WhereLessIsBetter) {
  // Of a and b: begins (8+12)/2 = 10, ends (3+4.5)/2, whose deviations are 4 and 1.5 over sqrt 2.
  // Of c and e: begins 5.5, ends 2, lowest (1.25+2.25)/2. Three epochs do not show when they
  // settle, nor spikes. Variances of the ends: 1.125 and 0.125, whose mean is the square of 0.79.
  // Gaps: ((3-1.5)/1.5 + (4.5-3.6)/3.6) / 2 = 0.625; (-0.75/2.5 - 0.75/3) / 2 = -0.275.
  EXPECT_EQ(
      findings_of(study(Better::lower)),
      (Sentences{
          "size 10 (2 seeds): val.total begins at 10 ± 2.8 and is 3.75 ± 1.1 at epoch 3; its "
          "lowest value is 3.75 ± 1.1.",
          "size 30 (2 seeds): val.total begins at 5.5 ± 0.71 and is 2 ± 0.35 at epoch 3; its "
          "lowest value is 1.75 ± 0.71.",
          "size 30, seed 2: val.total begins at 7 and is 3.5 at epoch 2; its lowest value is 3.5. "
          "It is not finished.",
          "The lowest final val.total is that of size 30 (2), which is the best; size 10 follows, "
          "1.75 higher. With fewer than 3 seeds the records do not say whether that is chance.",
          "1 unfinished run is left out.", kNoiseOfStudy,
          "The final val.total, compared with train.total, is 62.5 % above (size 10), 27.5 % below "
          "(size 30).",
          "Training took from 10 s (size 10, seed 1) to 24 s (size 30, seed 1).",
          "The records do not say how 1 unfinished run ends."}));
}

TEST(GoldenFindings, WhereMoreIsBetter) {
  // Highest: 8 and 12; 6 and 5.
  EXPECT_EQ(
      findings_of(study(Better::higher)),
      (Sentences{
          "size 10 (2 seeds): val.total begins at 10 ± 2.8 and is 3.75 ± 1.1 at epoch 3; its "
          "highest value is 10 ± 2.8.",
          "size 30 (2 seeds): val.total begins at 5.5 ± 0.71 and is 2 ± 0.35 at epoch 3; its "
          "highest value is 5.5 ± 0.71.",
          "size 30, seed 2: val.total begins at 7 and is 3.5 at epoch 2; its highest value is 7. "
          "It is not finished.",
          "The highest final val.total is that of size 10 (3.75), which is the best; size 30 "
          "follows, 1.75 lower. With fewer than 3 seeds the records do not say whether that is "
          "chance.",
          "1 unfinished run is left out.", kNoiseOfStudy,
          "The final val.total, compared with train.total, is 62.5 % above (size 10), 27.5 % below "
          "(size 30).",
          "Training took from 10 s (size 10, seed 1) to 24 s (size 30, seed 1).",
          "The records do not say how 1 unfinished run ends."}));
}

TEST(GoldenFindings, OfTwoGammas) {
  // The second gamma has ten times the validation: 37.5 and 20; gaps (30-1.5)/1.5 = 19 and
  // (45-3.6)/3.6 = 11.5, mean 15.25; (17.5-2.5)/2.5 = 6 and (22.5-3)/3 = 6.5, mean 6.25.
  const Sentences found = findings_of(golden::of_two_gammas(Better::lower));
  ASSERT_EQ(found.size(), 13U);
  EXPECT_EQ(found[3],
            "size 10, gamma 7 (2 seeds): val.total begins at 100 ± 28 and is 37.5 ± 11 at epoch 3; "
            "its lowest value is 37.5 ± 11.");
  EXPECT_EQ(
      Sentences(found.begin() + 6, found.end()),
      (Sentences{
          "Of gamma 1: the lowest final val.total is that of size 30, gamma 1 (2), which is "
          "the best; size 10, gamma 1 follows, 1.75 higher. With fewer than 3 seeds the "
          "records do not say whether that is chance.",
          "Of gamma 7: the lowest final val.total is that of size 30, gamma 7 (20), which is "
          "the best; size 10, gamma 7 follows, 17.5 higher. With fewer than 3 seeds the "
          "records do not say whether that is chance.",
          "gamma changes what val.total means: val.total is compared only among runs of the "
          "same gamma. 2 unfinished runs are left out.",
          "The final val.total varies: not known over seeds alone; ± 5.6 over seeds and conditions "
          "together; the conditions differ, which changes bits as a seed does: 4 threads, Xeon, "
          "torch "
          "2.1 (2 runs); 4 threads, Xeon, torch 2.1 and 6 threads, GTX, torch 2.1 (2 runs); 5 "
          "threads, Xeon, torch 2.1 and 5 threads, cuda:0, torch 2.1 (2 runs); 7 threads, Xeon, "
          "torch "
          "2.1 (2 runs).",
          "The final val.total, compared with train.total, is 62.5 % above (size 10, gamma 1), "
          "27.5 % below (size 30, gamma 1), 1525.0 % above (size 10, gamma 7), 625.0 % above "
          "(size 30, gamma 7).",
          "Training took from 10 s (size 10, gamma 1, seed 1) to 48 s (size 30, gamma 7, "
          "seed 1).",
          "The records do not say how 2 unfinished runs end."}));
}

std::string comparison(const ReportData& data) {
  for (const std::string& sentence : findings_of(data)) {
    if (sentence.starts_with("The lowest final") || sentence.starts_with("The highest final")) {
      return sentence;
    }
  }
  return {};
}

TEST(GoldenFindings, ThreeSettingsWithTheirSeeds) {
  // Means 27.5/3, 14.2/3 and 8.75/3; (14.2-8.75)/3 = 1.817.
  EXPECT_EQ(comparison(ending({kWorst, kNext, kBest}, {1, 1, 1}, Better::lower)),
            "The lowest final val.total is that of size 30 (2.917), which is the best, the highest "
            "that of size 10 (9.167); size 20 follows, 1.817 higher (95 % interval over 3 and 3 "
            "seeds, paired, 0.9011 to 2.732).");
  EXPECT_EQ(comparison(ending({kWorst, kNext, kBest}, {1, 1, 5}, Better::lower)),
            "The lowest final val.total is that of size 30 (2.917), which is the best, the highest "
            "that of size 10 (9.167); size 20 follows, 1.817 higher (95 % interval over 3 and 3 "
            "seeds 0.5702 to 3.063).");
  EXPECT_EQ(comparison(ending({kWorst, kNext, kBest}, {1, 1, 1}, Better::higher)),
            "The highest final val.total is that of size 10 (9.167), which is the best, the lowest "
            "that of size 30 (2.917); size 20 follows, 4.433 lower (95 % interval over 3 and 3 "
            "seeds, paired, -6.946 to -1.92).");
  EXPECT_EQ(comparison(ending({kWorst, kNext, kBest}, {1, 1, 1}, std::nullopt)),
            "The lowest final val.total is that of size 30 (2.917), the highest that of size 10 "
            "(9.167); size 20 follows, 1.817 higher (95 % interval over 3 and 3 seeds, paired, "
            "0.9011 to 2.732).");
}

TEST(GoldenFindings, ADifferenceThatMayBeNone) {
  EXPECT_EQ(comparison(ending({kBest, {3.3, 2.6, 3}, {4, 4, 4, 4}}, {1, 1, 1}, Better::lower)),
            "The lowest final val.total is that of size 10 (2.917), which is the best, the highest "
            "that of size 30 (4); size 20 follows, 0.05 higher (95 % interval over 3 and 3 seeds, "
            "paired, -0.3226 to 0.4226, which includes no difference).");
}

TEST(GoldenFindings, SidesWithDifferentlyManySeeds) {
  expect_in(comparison(ending({kNext, {3.1, 2.7, 2.95, 3}}, {1, 1}, Better::lower)),
            "95 % interval over 4 and 3 seeds ");
}

TEST(GoldenFindings, TheEndIsTheLastEpochThatWasMeasured) {
  ReportData data =
      golden::data_of({sized('a', 10, 1, {8, 4, 1}), sized('b', 10, 2, {9, 5, 1})}, Better::lower);
  for (ReportedRun& run : data.runs) run.metrics["val.total"].pop_back();
  EXPECT_TRUE(findings_of(data)[0].starts_with(
      "size 10 (2 seeds): val.total begins at 8.5 ± 0.71 and is 4.5 ± 0.71 at epoch 2;"))
      << findings_of(data)[0];
  data.runs[0].metrics["val.total"].pop_back();
  EXPECT_TRUE(findings_of(data)[0].starts_with(
      "size 10 (2 seeds): val.total begins at 8.5 ± 0.71 and is 6.5 ± 2.1 at epoch 1 and 2;"))
      << findings_of(data)[0];
}

TEST(GoldenFindings, SeedsThatDivergedAreCounted) {
  const ReportData data = golden::data_of(
      {sized('a', 10, 1, {8, 4}), sized('b', 10, 2, {9, 5}), sized('c', 10, 3, {7, std::nan("")})},
      Better::lower);
  EXPECT_EQ(
      findings_of(data)[0].substr(
          0, std::string_view("size 10 (3 seeds, 1 without a finite end): val.total begins at 8 ± "
                              "1 and is 4.5 ± 0.71 at epoch 2; its lowest value")
                 .size()),
      "size 10 (3 seeds, 1 without a finite end): val.total begins at 8 ± 1 and is 4.5 ± 0.71 "
      "at epoch 2; its lowest value");
}

TEST(GoldenFindings, LengthsAreToldApart) {
  ReportData data = golden::data_of(
      {sized('a', 10, 1, {8, 4}), sized('b', 10, 2, {9, 5}), sized('c', 10, 3, {7, 6, 2})},
      Better::lower);
  const Sentences found = findings_of(data);
  EXPECT_EQ(found[0].substr(0, 78),
            "size 10 (2 seeds): val.total begins at 8.5 ± 0.71 and is 4.5 ± 0.71 at epoch");
  EXPECT_EQ(found[1], "size 10: val.total begins at 7 and is 2 at epoch 3; its lowest value is 2.");
  EXPECT_EQ(found[2], "Runs of 2 and 3 epochs are not compared with each other.");
}

TEST(GoldenFindings, SixSpikesAndHowManyMore) {
  // Without noise, one epoch of five at twice the others.
  Values values(40, 1);
  for (std::size_t i = 2; i < values.size(); i += 5) values[i] = 2;
  ReportData data = golden::data_of({sized('a', 10, 1, values)}, Better::lower);
  std::string spikes;
  for (const std::string& sentence : findings_of(data)) {
    if (sentence.starts_with("val.total spikes")) spikes = sentence;
  }
  EXPECT_EQ(
      spikes,
      "val.total spikes, more than 10 % above what the epochs around it make likely, and "
      "farther than noise explains: size 10, seed 1 at epoch 3 (2.00 times the likely value); "
      "size 10, seed 1 at epoch 8 (2.00 times the likely value); size 10, seed 1 at epoch 13 "
      "(2.00 times the likely value); size 10, seed 1 at epoch 18 (2.00 times the likely "
      "value); size 10, seed 1 at epoch 23 (2.00 times the likely value); size 10, seed 1 at "
      "epoch 28 (2.00 times the likely value); and 2 more.");
}

bool names_spike(const ReportData& data) {
  return ("\n" + findings_text(data)).find("\nval.total spikes") != std::string::npos;
}

TEST(GoldenFindings, ASpikeIsMoreThanATenthAbove) {
  const auto has_spike = [](double height) {
    return names_spike(golden::data_of(
        {sized('a', 10, 1, {100, 100, 100, height, 100, 100, 100, 100})}, Better::lower));
  };
  EXPECT_FALSE(has_spike(109));
  EXPECT_TRUE(has_spike(111));
}

TEST(GoldenFindings, ASpikeGoesDownWhereHigherIsBetter) {
  const auto has_spike = [](Better better) {
    return names_spike(
        golden::data_of({sized('a', 10, 1, {100, 100, 100, 80, 100, 100, 100, 100})}, better));
  };
  EXPECT_TRUE(has_spike(Better::higher));
  EXPECT_FALSE(has_spike(Better::lower));
}

TEST(GoldenFindings, WhenItSettles) {
  // The end is 2; from epoch 4 on the values are within a tenth of it.
  const ReportData data = golden::data_of({sized('a', 10, 1, {90, 40, 9, 2, 2, 2, 2, 2, 2, 2}),
                                           sized('b', 10, 2, {90, 40, 9, 5, 2, 2, 2, 2, 2, 2})},
                                          Better::lower);
  expect_in(findings_of(data)[0], " It settles at epoch 4.5 ± 0.71.");
}

TEST(GoldenSeries, OnlyEpochsOfBothAreHeldAgainstEachOther) {
  const store::Series validation{{2, 9}, {4, 6}, {5, 7}};
  const store::Series training{{1, 1}, {2, 3}, {3, 2}, {4, 4}, {6, 5}};
  const std::vector<PointPair> pairs = joined(validation, training);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].epoch, 2);
  EXPECT_EQ(pairs[0].first / pairs[0].second, 3);
  EXPECT_EQ(pairs[1].epoch, 4);
  ReportedRun run;
  run.metrics = {{"val.total", validation}, {"train.total", training}};
  const auto of_run = joined(series_of(run, "val.total"), series_of(run, "train.total"));
  EXPECT_EQ(relative_gap(of_run), 0.5) << "(6 - 4) / 4";
}

/// Versions 1 and 2 of the experiment, which declare these directions.
ReportData of_two_versions(Better first, Better second) {
  ReportData data = ending({kWorst, kNext, kBest}, {1, 1, 1}, first);
  for (ReportedRun& run : data.runs) {
    if (run.setting != "size 10") run.run.experiment_version = 2;
  }
  data.declarations =
      store::Declarations({{"study", 1, {{"val.total", first, "", ""}}, "val.total", {}},
                           {"study", 2, {{"val.total", second, "", ""}}, "val.total", {}}});
  return data;
}

TEST(GoldenFindings, VersionsAreComparedEachByItself) {
  const std::string found = findings_text(of_two_versions(Better::lower, Better::lower));
  expect_in(found,
            "Of version 2: the lowest final val.total is that of size 30 (2.917), which "
            "is the best; size 20 follows, 1.817 higher (95 %");
  EXPECT_EQ(found.find("9.167)"), std::string::npos) << "size 10 is of version 1";
}

TEST(GoldenFindings, NothingIsBestWhereDirectionsDiffer) {
  const std::string found = findings_text(of_two_versions(Better::lower, Better::higher));
  expect_in(found,
            "Of version 2: the lowest final val.total is that of size 30 (2.917); size "
            "20 follows, 1.817 higher");
  expect_not_in(found, "best");
  expect_not_in(found, "its lowest value");
}

TEST(GoldenFindings, OneRunAlone) {
  ReportedRun run = sized('a', 10, 1, {8, 3}, {2, 4});
  run.run.trained = Seconds(75);
  EXPECT_EQ(findings_of(golden::data_of({run}, Better::lower)),
            (Sentences{"size 10: val.total begins at 8 and is 3 at epoch 2; its lowest value is 3.",
                       "The final val.total, compared with train.total, is 25.0 % below (size 10).",
                       "Training took 1 min 15 s.",
                       "The records do not say how much settings with one seed vary."}));
}

}  // namespace
}  // namespace epochal::report

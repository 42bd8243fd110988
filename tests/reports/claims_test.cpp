// Each kind of claim against records that support it, refute it, and leave it open.

#include "reports/claims.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/findings.h"
#include "reports/statistics/series.h"

namespace epochal::report {
namespace {

using Values = std::vector<double>;

ReportedRun run_of(std::int64_t size, std::uint64_t seed, const Values& validation,
                   const Values& training = {}) {
  ReportedRun run;
  run.run.identity = std::to_string(size) + "-" + std::to_string(seed);
  run.run.group_identity = std::to_string(size);
  run.run.seed = seed;
  run.run.status = store::RunStatus::finished;
  run.run.parameters.set("dataset_size", size);
  run.setting = "dataset_size " + std::to_string(size);
  run.label = run.setting + ", seed " + std::to_string(seed);
  for (std::size_t i = 0; i < validation.size(); ++i) {
    store::EpochRecord epoch;
    epoch.number = static_cast<Epoch>(i) + 1;
    run.metrics["val.total"].push_back({epoch.number, validation[i]});
    if (i < training.size()) run.metrics["train.total"].push_back({epoch.number, training[i]});
    run.epochs.push_back(epoch);
  }
  run.run.epochs = run.run.epochs_done = static_cast<Epoch>(validation.size());
  return run;
}

/// What the experiment of these runs says of its numbers.
store::Declarations declared(std::optional<Better> better, std::set<std::string> meaning = {}) {
  return store::Declarations({{"",
                               0,
                               {{"val.total", better, "", ""}, {"train.total", better, "", ""}},
                               better ? "val.total" : "",
                               std::move(meaning)}});
}

ReportData data_of(std::vector<ReportedRun> runs) {
  ReportData data;
  data.runs = std::move(runs);
  data.compare_by = "dataset_size";
  data.main_metric = "val.total";
  data.declarations = declared(Better::lower);
  return data;
}

/// Three seeds a size, whose series end at these values and between them.
ReportData ending_at(const std::vector<std::pair<double, double>>& ends) {
  std::vector<ReportedRun> runs;
  std::int64_t size = 10;
  for (const auto& [a, b] : ends) {
    runs.push_back(run_of(size, 0, {100, a}));
    runs.push_back(run_of(size, 1, {100, b}));
    runs.push_back(run_of(size, 2, {100, (a + b) / 2}));
    size *= 10;
  }
  return data_of(std::move(runs));
}

Claim claim_of(Claim::Kind kind) {
  Claim claim;
  claim.text = "so it is";
  claim.kind = kind;
  claim.expected = 10;
  claim.tolerance = kind == Claim::Kind::ratio ? 0.2 : 0.05;
  claim.height = 1.1;
  claim.at_most = 0.1;
  return claim;
}

Verdict verdict(Claim::Kind kind, const ReportData& data) {
  return judge(claim_of(kind), data).verdict;
}

TEST(Claims, DecreasesWhereEveryStepDoesBeyondTheSpreadOfItsSeeds) {
  using enum Claim::Kind;
  EXPECT_EQ(verdict(decreases, ending_at({{9, 8}, {6, 5}, {3, 2}})), Verdict::supported);
  EXPECT_EQ(verdict(decreases, ending_at({{9, 8}, {8.5, 5}})), Verdict::undecided);
  EXPECT_EQ(verdict(decreases, ending_at({{9, 8}, {6, 5}, {8, 7}})), Verdict::refuted)
      << "one step is enough";
  EXPECT_EQ(verdict(increases, ending_at({{3, 2}, {6, 5}})), Verdict::supported);
  EXPECT_EQ(verdict(increases, ending_at({{6, 5}, {3, 2}})), Verdict::refuted);
  EXPECT_EQ(verdict(decreases, ending_at({{6, 5}, {6, 5}})), Verdict::undecided);
}

TEST(Claims, RatioLiesWithinItsTolerance) {
  using enum Claim::Kind;
  EXPECT_EQ(verdict(ratio, ending_at({{100, 101}, {10, 10.1}})), Verdict::supported);
  EXPECT_EQ(verdict(ratio, ending_at({{100, 101}, {50, 50.1}})), Verdict::refuted);
  EXPECT_EQ(verdict(ratio, ending_at({{100, 101}, {8, 12}})), Verdict::undecided);
}

TEST(Claims, TooLittleDecidesNothingAndSaysWhy) {
  using enum Claim::Kind;
  const auto why = [](const ReportData& data) {
    const JudgedClaim judged = judge(claim_of(Claim::Kind::decreases), data);
    EXPECT_EQ(judged.verdict, Verdict::undecided);
    return judged.numbers.back();
  };
  const auto expect_in = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  expect_in(why(data_of({run_of(10, 0, {9}), run_of(100, 0, {1})})), "1 seed at dataset_size 10");
  expect_in(why(data_of({run_of(10, 0, {9})})), "has only one value");
  ReportData unfinished = ending_at({{9, 8}, {3, 2}});
  for (std::size_t i = 3; i < 6; ++i) unfinished.runs[i].run.status = store::RunStatus::interrupted;
  expect_in(why(unfinished), "dataset_size 10 to 100; 3 unfinished runs are left out");
  ReportData two = ending_at({{9, 8}, {3, 2}});
  two.runs.pop_back();
  expect_in(why(two), "95 % interval");
  expect_in(why(two), "too few seeds to judge: 2 seeds at dataset_size 100, 3 are needed");
  ReportData diverged = ending_at({{9, 8}, {3, std::nan("")}});
  expect_in(why(diverged), "no finite value");
  ReportData mixed = ending_at({{9, 8}, {3, 2}});
  mixed.runs[0].run.group_identity = "another";
  expect_in(why(mixed),
            "dataset_size 10 to 100; runs with dataset_size 10 differ in more than their seed");

  Claim strict = claim_of(decreases);
  strict.seeds = 4;
  EXPECT_EQ(judge(strict, ending_at({{9, 8}, {3, 2}})).verdict, Verdict::undecided);
  strict.seeds = 1;
  EXPECT_EQ(judge(strict, data_of({run_of(10, 0, {9}), run_of(100, 0, {1})})).verdict,
            Verdict::undecided)
      << "a claim may ask for more, not for less";
}

TEST(Claims, BetterThanComparesTwoValues) {
  Claim claim = claim_of(Claim::Kind::better_than);
  claim.value = std::int64_t{100};
  claim.than = std::int64_t{10};
  EXPECT_EQ(judge(claim, ending_at({{9, 8}, {3, 2}})).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, ending_at({{3, 2}, {9, 8}})).verdict, Verdict::refuted);
  claim.value = std::int64_t{7};
  const JudgedClaim judged = judge(claim, ending_at({{9, 8}, {3, 2}}));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.numbers.front(), "no run has dataset_size 7");
}

TEST(Claims, ConvergedLooksAtTheLastFifthOfTheWay) {
  Claim claim = claim_of(Claim::Kind::converged_by);
  claim.epoch = 10;
  const Values flat{50, 20, 10, 5, 4, 3, 2.5, 2.02, 2.01, 2};
  const Values falling{50, 20, 10, 9, 8, 7, 6, 5, 4, 3};
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, flat)})).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, flat), run_of(100, 0, falling)})).verdict,
            Verdict::refuted);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, flat), run_of(10, 1, falling)})).verdict,
            Verdict::undecided)
      << "seeds of one setting disagree";
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, {5, 4})})).verdict, Verdict::undecided)
      << "it has no epoch 10";
}

TEST(Claims, SpikesNearTheEpochsThatAreNamed) {
  Claim claim = claim_of(Claim::Kind::spikes);
  const Values spiky{10, 9, 8, 7, 12, 6, 5, 4, 9, 3, 2};
  claim.epochs = {6, 9};
  const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, spiky)}));
  EXPECT_EQ(judged.verdict, Verdict::supported) << judged.numbers.front();
  EXPECT_NE(judged.numbers.front().find("spikes at epoch 5 (1.85 times), epoch 9 (2.57 times)"),
            std::string::npos)
      << judged.numbers.front();
  claim.within = 0;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, spiky)})).verdict, Verdict::refuted);
  claim.epochs.clear();
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, {5, 4, 3, 2})})).verdict, Verdict::refuted);
}

TEST(Claims, GapOfTheRunsThatAreMeant) {
  Claim claim = claim_of(Claim::Kind::gap);
  claim.only_name = "dataset_size";
  claim.only_value = std::int64_t{100};
  const ReportedRun over = run_of(10, 0, {9, 8}, {9, 4});
  EXPECT_EQ(judge(claim, data_of({over, run_of(100, 0, {9, 4.2}, {9, 4})})).verdict,
            Verdict::supported);
  claim.only_value = std::int64_t{10};
  const JudgedClaim judged = judge(claim, data_of({over}));
  EXPECT_EQ(judged.verdict, Verdict::refuted);
  EXPECT_EQ(judged.numbers.front(), "dataset_size 10: gap 100 %");
  EXPECT_EQ(judged.runs, std::vector<std::string>{"10-0"});
}

TEST(Claims, StepsShareTheLevel) {
  // Each step alone has p = 0.03; Holm makes 0.06 of the smaller one of two.
  const auto data = [](int levels) {
    std::vector<ReportedRun> runs;
    std::int64_t size = 10;
    for (int level = 0; level < levels; ++level, size *= 10) {
      for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const double jitter = 0.52 * level * (static_cast<double>(seed) - 1);
        runs.push_back(run_of(size, seed, {100, 20 - 1.7 * level + jitter}));
      }
    }
    return data_of(std::move(runs));
  };
  EXPECT_EQ(verdict(Claim::Kind::decreases, data(2)), Verdict::supported);
  EXPECT_EQ(verdict(Claim::Kind::decreases, data(3)), Verdict::undecided);
}

TEST(Claims, OnlyComparesNumbersAsNumbers) {
  Claim claim = claim_of(Claim::Kind::gap);
  claim.only_name = "dataset_size";
  claim.only_value = 100.0;
  const ReportData data = data_of({run_of(100, 0, {9, 4.2}, {9, 4})});
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported);
  claim.only_value = std::string("100");
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
}

TEST(Claims, BetterMeansWhatTheExperimentDeclares) {
  Claim claim = claim_of(Claim::Kind::better_than);
  claim.value = std::int64_t{100};
  claim.than = std::int64_t{10};
  ReportData data = ending_at({{3, 2}, {9, 8}});
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted);
  data.declarations = declared(Better::higher);
  const JudgedClaim judged = judge(claim, data);
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.rule, "the last val.total is better (higher) at dataset_size 100 than at 10");
  data.declarations = declared(std::nullopt);
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
  EXPECT_EQ(judge(claim, data).numbers.front(),
            "the experiment does not declare whether a lower or a higher val.total is better");
}

TEST(Claims, TheBestOfAnAccuracyIsTheHighest) {
  Claim claim = claim_of(Claim::Kind::increases);
  claim.statistic = Claim::Statistic::best;
  ReportData data = ending_at({{3, 2}, {9, 8}});
  for (ReportedRun& run : data.runs) run.metrics["val.total"][0].value = 1;
  data.declarations = declared(Better::higher);
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, data).rule, "the highest val.total is higher at each larger dataset_size");
}

TEST(Claims, AnAccuracyThatDropsIsASpikeAndOneThatLagsBehindTrainingAGap) {
  ReportData data = data_of({run_of(10, 0, {5, 6, 2, 7, 8}, {5, 6, 7, 8, 10})});
  data.declarations = declared(Better::higher);
  const JudgedClaim spikes = judge(claim_of(Claim::Kind::spikes), data);
  EXPECT_EQ(spikes.verdict, Verdict::supported);
  EXPECT_EQ(spikes.numbers.front(), "dataset_size 10: spikes at epoch 3 (0.31 times)");
  const JudgedClaim gap = judge(claim_of(Claim::Kind::gap), data);
  EXPECT_EQ(gap.verdict, Verdict::refuted);
  EXPECT_EQ(gap.numbers.front(), "dataset_size 10: gap 20 %");
  EXPECT_EQ(gap.rule, "at the end val.total is at most 10 % below train.total");
}

/// The same with a gamma, which is part of the objective.
ReportData with_gamma(const ReportData& data, double gamma, double factor) {
  ReportData changed = data;
  for (ReportedRun& run : changed.runs) {
    run.run.parameters.set("gamma", gamma);
    run.run.group_identity += " " + std::to_string(gamma);
    for (store::SeriesPoint& point : run.metrics["val.total"]) point.value *= factor;
  }
  return changed;
}

ReportData of_two_gammas() {
  ReportData data = with_gamma(ending_at({{9, 8}, {3, 2}}), 1, 1);
  for (ReportedRun& run : with_gamma(ending_at({{9, 8}, {3, 2}}), 10, 10).runs) {
    data.runs.push_back(run);
  }
  data.declarations = declared(Better::lower, {"gamma"});
  return data;
}

TEST(Claims, AreJudgedWithinWhatTheObjectiveMeans) {
  const JudgedClaim judged = judge(claim_of(Claim::Kind::decreases), of_two_gammas());
  EXPECT_EQ(judged.verdict, Verdict::supported);
  ASSERT_EQ(judged.numbers.size(), 2U);
  EXPECT_EQ(judged.numbers[0].substr(0, 28), "gamma 1: 8.5 at dataset_size");
  EXPECT_EQ(judged.numbers[1].substr(0, 28), "gamma 10: 85 at dataset_size");
}

TEST(Claims, NothingIsSaidAcrossValuesThatChangeTheObjective) {
  Claim claim = claim_of(Claim::Kind::increases);
  claim.over = "gamma";
  const JudgedClaim judged = judge(claim, of_two_gammas());
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.numbers.front(),
            "gamma changes what val.total means: its values at different gamma cannot be compared");
}

TEST(Claims, RunsOfDifferentLengthsAreNotCompared) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  for (ReportedRun& run : data.runs) {
    if (run.run.group_identity == "10") run.run.epochs = run.run.epochs_done = 3;
  }
  const JudgedClaim judged = judge(claim_of(Claim::Kind::decreases), data);
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(
      judged.numbers.front(),
      "no runs with different dataset_size are comparable. Runs of 2 and 3 epochs are not compared "
      "with each other.");
}

TEST(Findings, CompareWithinWhatTheObjectiveMeans) {
  std::string all;
  for (const std::string& sentence : findings_of(of_two_gammas())) all += sentence + "\n";
  for (const char* part :
       {"Of gamma 1: the lowest final val.total is that of dataset_size 100 (2.5), which is the "
        "best; dataset_size 10 follows, 6 higher",
        "Of gamma 10: the lowest final val.total is that of dataset_size 100 (25)",
        "gamma changes what val.total means: val.total is compared only among runs of the same "
        "gamma."}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
}

TEST(Findings, FollowTheDirection) {
  ReportData data = ending_at({{3, 2}, {9, 8}});
  data.declarations = declared(Better::higher);
  std::string all;
  for (const std::string& sentence : findings_of(data)) all += sentence + "\n";
  for (const char* part :
       {"dataset_size 10 (3 seeds): val.total begins at 100 ± 0 and is 2.5 ± 0.5 at epoch 2; its "
        "highest value is 100 ± 0.",
        "The highest final val.total is that of dataset_size 100 (8.5), which is the best; "
        "dataset_size 10 follows, 6 lower (95 % interval over 3 and 3 seeds, paired,"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
  data.declarations = declared(std::nullopt);
  for (const std::string& sentence : findings_of(data)) {
    EXPECT_EQ(sentence.find("best"), std::string::npos) << sentence;
  }
}

TEST(Series, SettlesWhereItStaysNearItsEnd) {
  const store::Series series = series_of(run_of(10, 0, {101, 50, 5, 20, 10, 1}), "val.total");
  EXPECT_EQ(statistic_of(series, Claim::Statistic::settled, {}), 5);
  EXPECT_EQ(statistic_of(series, Claim::Statistic::best, Better::lower), 1);
  EXPECT_EQ(statistic_of(series, Claim::Statistic::best, Better::higher), 101);
  EXPECT_FALSE(statistic_of(series, Claim::Statistic::best, {})) << "it has no direction";
  EXPECT_EQ(statistic_of(series, Claim::Statistic::first, {}), 101);
  EXPECT_FALSE(statistic_of({}, Claim::Statistic::last, {}));
  EXPECT_FALSE(statistic_of({{1, std::nan("")}}, Claim::Statistic::last, {}));
}

TEST(Findings, SayWhatTheRecordsSayAndWhatNot) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  data.runs.push_back(run_of(1000, 0, {50, 1}));
  std::string all;
  for (const std::string& sentence : findings_of(data)) all += sentence + "\n";
  for (const char* part :
       {"dataset_size 10 (3 seeds): val.total begins at 100",
        "The lowest final val.total is that of dataset_size 1000 (1), which is the best, the "
        "highest that of dataset_size 10 (8.5)",
        "With fewer than 3 seeds the records do not say whether that is chance",
        "how much settings with one seed vary"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
  EXPECT_EQ(findings_of(data_of({})).front(), "Nothing has been measured yet.");
}

TEST(Findings, KeepTheUnfinishedApart) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  data.runs.push_back(run_of(1000, 0, {50, 1}));
  data.runs.back().run.status = store::RunStatus::running;
  std::string all;
  for (const std::string& sentence : findings_of(data)) all += sentence + "\n";
  for (const char* part :
       {"dataset_size 1000: val.total begins at 50 and is 1 at epoch 2; its lowest value is 1. It "
        "is not finished.",
        "The lowest final val.total is that of dataset_size 100 (2.5)",
        "1 unfinished run is left out.", "how 1 unfinished run ends"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
}

}  // namespace
}  // namespace epochal::report

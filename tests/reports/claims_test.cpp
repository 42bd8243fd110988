// Claims that compare sizes, against records that support them, refute them, and leave them open.

#include "reports/claims.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/reports/claim_data.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using namespace claim_data;
using test::expect_in;

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

TEST(Claims, TextsHaveNoOrder) {
  using enum Claim::Kind;
  ReportData data = ending_at({{9, 8}, {6, 5}, {3, 2}});
  for (ReportedRun& run : data.runs) run.run.parameters.set("word", run.run.group_identity);
  for (const Claim::Kind kind : {decreases, increases, ratio, power_law}) {
    Claim claim = claim_of(kind);
    claim.over = "word";
    const JudgedClaim judged = judge(claim, data);
    EXPECT_EQ(judged.verdict, Verdict::undecided);
    EXPECT_EQ(judged.numbers.front(), "word is a text, and has no order");
  }
  Claim claim = claim_of(better_than);
  claim.over = "word";
  claim.value = std::string("1000");
  claim.than = std::string("10");
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported);
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

TEST(Claims, MisspeltNamesAreSaid) {
  const ReportData data = ending_at({{9, 8}, {3, 2}});
  const auto why = [&](const Claim& claim) {
    const JudgedClaim judged = judge(claim, data);
    EXPECT_EQ(judged.verdict, Verdict::undecided);
    return judged.numbers.front();
  };
  for (const Claim::Kind kind : {Claim::Kind::decreases, Claim::Kind::spikes}) {
    Claim claim = claim_of(kind);
    claim.metric = "val.totl";
    EXPECT_EQ(why(claim), "no run has measured val.totl: did you mean 'val.total'?");
  }
  for (const Claim::Kind kind : {Claim::Kind::decreases, Claim::Kind::better_than}) {
    Claim claim = claim_of(kind);
    claim.over = "dataset_sise";
    claim.value = std::int64_t{100};
    claim.than = std::int64_t{10};
    EXPECT_EQ(why(claim), "no run has the parameter dataset_sise: did you mean 'dataset_size'?");
  }
  Claim claim = claim_of(Claim::Kind::spikes);
  claim.only_name = "dataset_sise";
  claim.only_value = std::int64_t{10};
  EXPECT_EQ(why(claim), "no run has dataset_sise 10: did you mean 'dataset_size'?");
}

TEST(Claims, OnlyMayNameTheSeed) {
  Claim claim = claim_of(Claim::Kind::decreases);
  claim.only_name = "seed";
  claim.only_value = std::int64_t{1};
  const ReportData data = ending_at({{9, 8}, {3, 2}});
  EXPECT_EQ(judge(claim, data).runs, (std::vector<std::string>{"10-1", "100-1"}));
  claim.only_value = std::int64_t{7};
  EXPECT_EQ(judge(claim, data).numbers.front(), "no run has seed 7");
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

TEST(Claims, EqualWithinAMargin) {
  Claim claim = claim_of(Claim::Kind::equal_within);
  claim.margin = 1;
  const ReportData near = ending_at({{6, 6.2}, {6.1, 6.15}});
  EXPECT_EQ(judge(claim, near).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, ending_at({{6, 6.2}, {9, 9.1}})).verdict, Verdict::refuted);
  const JudgedClaim open = judge(claim, ending_at({{6, 8}, {6, 6.2}}));
  EXPECT_EQ(open.verdict, Verdict::undecided) << "no difference seen is no equality";
  expect_in(open.numbers.front(), "more seeds on each side would decide it");
  claim.margin = 0;
  claim.tolerance = 0.2;
  EXPECT_EQ(judge(claim, near).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, near).rule,
            "from each dataset_size to the next larger one the last val.total changes by a factor "
            "of 0.8333 to 1.2");
}

TEST(Claims, APowerLawByItsExponent) {
  Claim claim = claim_of(Claim::Kind::power_law);
  claim.expected = -0.3;
  claim.tolerance = 0.1;
  const auto law = [](double exponent) {
    std::vector<ReportedRun> runs;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      for (const std::int64_t size : {10, 100, 1000}) {
        const double own = exponent + 0.01 * static_cast<double>(seed);
        runs.push_back(run_of(size, seed, {50, 20 * std::pow(static_cast<double>(size), own)}));
      }
    }
    return data_of(std::move(runs));
  };
  const JudgedClaim judged = judge(claim, law(-0.31));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.rule,
            "the last val.total follows a power law of dataset_size, n^b with b from -0.4 to -0.2");
  expect_in(judged.numbers.front(),
            "exponent -0.300, 95 % interval -0.325 to -0.275 over "
            "seeds");
  EXPECT_EQ(judge(claim, law(-0.6)).verdict, Verdict::refuted);
  ReportData two_common = law(-0.31);
  two_common.runs[8].run.seed = 7;
  EXPECT_EQ(judge(claim, two_common).verdict, Verdict::undecided);
  expect_in(judge(claim, two_common).numbers.front(),
            "too few seeds to judge: fewer than 3 are at every dataset_size");
  ReportData single = law(-0.3);
  std::erase_if(single.runs, [](const ReportedRun& run) { return run.run.seed > 0; });
  EXPECT_EQ(judge(claim, single).verdict, Verdict::undecided);
  expect_in(judge(claim, single).numbers.front(), "too few seeds to judge: 1 seed");
}

TEST(Claims, SamplesOfTheSameValidationSetSayMoreOfSingleSeeds) {
  ReportData data = data_of({run_of(10, 0, {9, 5}), run_of(100, 0, {9, 4})});
  data.runs[0].validation[2] = {"pictures", {{"val.total", {4, 5, 6}}}};
  data.runs[1].validation[2] = {"pictures", {{"val.total", {3.1, 3.9, 5}}}};
  const JudgedClaim judged = judge(claim_of(Claim::Kind::decreases), data);
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  // Differences of 0.9, 1.1 and 1: a standard error of 0.0577 with 2 degrees of freedom.
  EXPECT_EQ(judged.numbers.front(),
            "5 at dataset_size 10 (1 seed), 4 at 100 (1 seed): difference -1, 95 % interval -1.248 "
            "to -0.7516 over 3 validation samples, which says nothing of other seeds; too few "
            "seeds to judge: 1 seed at dataset_size 10, 3 are needed");
  data.runs[1].validation[2].set = "other pictures";
  expect_in(judge(claim_of(Claim::Kind::decreases), data).numbers.front(),
            "Runs with different validation sets are not compared.");
}

TEST(Claims, AtAStepRunsOfDifferentLengthsAreCompared) {
  Claim claim = claim_of(Claim::Kind::decreases);
  claim.at_step = 300;
  std::vector<ReportedRun> runs;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const double own = 0.1 * static_cast<double>(seed);
    runs.push_back(run_of(10, seed, {9, 8 + own, 7 + own, 1}));
    runs.push_back(run_of(100, seed, {4 + own, 3}));
  }
  for (ReportedRun& run : runs) {
    for (store::EpochRecord& epoch : run.epochs) {
      epoch.steps = run.run.group_identity == "10" ? 100 : 200;
    }
  }
  runs.back().run.status = store::RunStatus::interrupted;  // but far enough
  const JudgedClaim judged = judge(claim, data_of(runs));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.rule, "the last val.total at step 300 is lower at each larger dataset_size");
  EXPECT_EQ(judged.numbers.front().substr(0, 63),
            "7.1 at dataset_size 10 (3 seeds), 4.1 at 100 (3 seeds): differe");
  expect_in(judged.numbers.front(), "; after 300 and 200 steps");
  claim.at_step = 500;
  EXPECT_EQ(judge(claim, data_of(runs)).verdict, Verdict::undecided) << "none has come that far";
}

TEST(Claims, AtAStepSomeRunsHaveNoEpoch) {
  Claim claim = claim_of(Claim::Kind::decreases);
  claim.at_step = 200;
  ReportData data = ending_at({{9, 8}, {3, 2}});
  for (ReportedRun& run : data.runs) {
    for (store::EpochRecord& epoch : run.epochs) {
      epoch.steps = run.run.group_identity == "10" ? 100 : 300;
    }
  }
  const std::string why = judge(claim, data).numbers.front();
  expect_in(why, "3 runs that do not come to step 200, or have no epoch that ends by then, are");
  expect_in(why, "no run with dataset_size 100 comes to step 200 and has an epoch that ends by it");
}

TEST(Claims, AtAStepNoOlderValueIsTaken) {
  Claim claim = claim_of(Claim::Kind::decreases);
  claim.at_step = 300;
  ReportData data = ending_at({{9, 8}, {3, 2}});
  for (ReportedRun& run : data.runs) {
    for (store::EpochRecord& epoch : run.epochs) epoch.steps = 150;
  }
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported);
  data.runs[0].metrics["val.total"].pop_back();
  const JudgedClaim judged = judge(claim, data);
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  expect_in(judged.numbers.front(),
            "; 1 of the runs with dataset_size 10 have no val.total at step 300");
  claim.statistic = Claim::Statistic::best;
  EXPECT_EQ(judge(claim, data).numbers.front().find("have no"), std::string::npos)
      << "all epochs up to that step count";
}

TEST(Claims, ConditionsThatDifferAreSaid) {
  ReportData data = ending_at({{9, 8}, {3, 2}});
  for (ReportedRun& run : data.runs) {
    store::AttemptRecord attempt;
    attempt.first_epoch = 1;
    attempt.threads = run.run.group_identity == "10" ? 1 : 2;
    run.attempts = {attempt};
  }
  const JudgedClaim judged = judge(claim_of(Claim::Kind::decreases), data);
  expect_in(judged.numbers.front(), "; they also differ in conditions: 1 thread and 2 threads");
  EXPECT_EQ(judged.noise_floor,
            "the last val.total varies: ± 0.5 over seeds (6 runs, 2 settings) under the same "
            "conditions; the conditions differ, which changes bits as a seed does: 1 thread (3 "
            "runs); 2 threads (3 runs)");
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

}  // namespace
}  // namespace epochal::report

// Judged claims, word by word, against numbers worked out by hand. Intervals and p values are
// SciPy's, printed by golden_values.py.

#include <gtest/gtest.h>

#include "reports/claims.h"
#include "tests/reports/golden_data.h"

namespace epochal::report {
namespace {

using golden::ending;
using golden::kBest;
using golden::kNext;
using golden::kWorst;
using golden::sized;
using Sentences = std::vector<std::string>;

Claim golden_claim(Claim::Kind kind) {
  Claim claim;
  claim.text = "so it is";
  claim.kind = kind;
  return claim;
}

TEST(GoldenClaims, StepsWithTheirNumbers) {
  const JudgedClaim judged = judge(golden_claim(Claim::Kind::decreases),
                                   ending({kWorst, kNext, kBest}, {1, 1, 1}, Better::lower));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.rule, "the last val.total is lower at each larger size");
  // p of the steps: 0.017 and 0.013; Holm doubles the smaller, and the larger is at least that.
  EXPECT_EQ(judged.numbers,
            (Sentences{"9.167 at size 10 (3 seeds), 4.733 at 20 (3 seeds): difference -4.433, 95 % "
                       "interval -6.946 to -1.92 (paired by seed); p 0.027 after Holm over 2 steps",
                       "4.733 at size 20 (3 seeds), 2.917 at 30 (3 seeds): difference -1.817, 95 % "
                       "interval -2.732 to -0.9011 (paired by seed); p 0.027 after Holm over 2 "
                       "steps"}));
  EXPECT_EQ(judged.runs.size(), 9U);
  EXPECT_EQ(judge(golden_claim(Claim::Kind::increases),
                  ending({kWorst, kNext, kBest}, {1, 1, 1}, Better::lower))
                .verdict,
            Verdict::refuted);
}

TEST(GoldenClaims, ARatioWithItsNumbers) {
  Claim claim = golden_claim(Claim::Kind::ratio);
  claim.expected = 2;
  claim.tolerance = 0.35;
  const JudgedClaim judged = judge(claim, ending({kWorst, kNext}, {1, 1}, Better::lower));
  EXPECT_EQ(judged.rule,
            "from each size to the next larger one the last val.total falls by a factor of 1.3 to "
            "2.7");
  EXPECT_EQ(judged.numbers,
            (Sentences{"9.167 at size 10 (3 seeds), 4.733 at 20 (3 seeds): ratio 1.934, 95 % "
                       "interval 1.483 to 2.524 (paired by seed); p 0.033"}));
  EXPECT_EQ(judged.verdict, Verdict::supported);
}

TEST(GoldenClaims, UnfinishedRunsOfBothSides) {
  ReportData data = ending({kWorst, kNext}, {1, 1}, Better::lower);
  data.runs[1].run.status = data.runs[3].run.status = data.runs[5].run.status =
      store::RunStatus::interrupted;
  // (9+10.5)/2 and what is left of three seeds: one.
  const JudgedClaim judged = judge(golden_claim(Claim::Kind::decreases), data);
  EXPECT_EQ(judged.numbers,
            (Sentences{"9.75 at size 10 (2 seeds), 4.1 at 20 (1 seed); 3 unfinished runs are left "
                       "out; too few seeds to judge: 2 seeds at size 10, 3 are needed"}));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
}

TEST(GoldenClaims, BetterWhereMoreIs) {
  Claim claim = golden_claim(Claim::Kind::better_than);
  claim.value = std::int64_t{10};
  claim.than = std::int64_t{20};
  const JudgedClaim judged = judge(claim, ending({kWorst, kNext}, {1, 1}, Better::higher));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.numbers,
            (Sentences{"4.733 at size 20 (3 seeds), 9.167 at 10 (3 seeds): difference 4.433, 95 % "
                       "interval 1.92 to 6.946 (paired by seed); p 0.017"}));
}

/// Three seeds whose validation ends this far above their training.
ReportData with_gaps(std::optional<Better> better) {
  return golden::data_of({sized('a', 10, 1, {9, 6}, {9, 4}), sized('b', 10, 2, {9, 5}, {9, 4}),
                          sized('c', 10, 3, {9, 9}, {9, 8})},
                         better);
}

TEST(GoldenClaims, AGapWithItsInterval) {
  Claim claim = golden_claim(Claim::Kind::gap);
  claim.at_most = 0.5;
  const JudgedClaim judged = judge(claim, with_gaps(Better::lower));
  EXPECT_EQ(judged.numbers,
            (Sentences{"size 10: seed 1: gap 50 %; seed 2: gap 25 %; seed 3: gap 12.5 %; mean "
                       "29.2 %, 95 % interval -18.3 % to 76.6 % over seeds; p 0.2; about 6 more "
                       "seeds would decide it at this spread"}));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.noise_floor, "the last val.total varies: ± 2.1 over seeds (3 runs, 1 setting)");
  claim.at_most = 0.9;
  EXPECT_EQ(judge(claim, with_gaps(Better::lower)).verdict, Verdict::supported);
  claim.at_most = 0.01;
  EXPECT_EQ(judge(claim, with_gaps(Better::lower)).verdict, Verdict::undecided);
  EXPECT_EQ(
      judge(claim, with_gaps(Better::higher)).numbers.front().substr(0, 90),
      "size 10: seed 1: gap -50 %; seed 2: gap -25 %; seed 3: gap -12.5 %; mean -29.2 %, 95 % "
      "int");
}

TEST(GoldenClaims, OneSettingThatIsUndecidedLeavesItOpen) {
  Claim claim = golden_claim(Claim::Kind::gap);
  claim.at_most = 0.9;
  ReportData data = with_gaps(Better::lower);
  data.runs.push_back(sized('d', 30, 1, {9, 5}, {9, 5}));
  EXPECT_EQ(judge(claim, data).numbers.back(),
            "size 30: gap 0 %; too few seeds to judge without values by validation sample: 1 seed, "
            "3 are needed");
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
  data.runs.push_back(sized('e', 30, 2, {9, 15.1}, {9, 5}));
  data.runs.push_back(sized('f', 30, 3, {9, 15}, {9, 5}));
  data.runs[3].metrics["val.total"].back().value = 14.9;
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted) << "one refuted setting is enough";
}

TEST(GoldenClaims, ConvergenceOverTheLastFifth) {
  // The line through epochs 16 to 20, by golden_values.py: -9.26 % with an error of 12.96 %.
  Claim claim = golden_claim(Claim::Kind::converged_by);
  claim.epoch = 20;
  claim.tolerance = 0.6;
  golden::Values values(15, 70);
  for (const double value : {2.5, 2.1, 2.4, 2.0, 2.3, 700.0}) values.push_back(value);
  const ReportData data = golden::data_of({sized('a', 10, 1, values)}, Better::lower);
  const JudgedClaim judged = judge(claim, data);
  EXPECT_EQ(
      judged.rule,
      "from epoch 16 to 20 the line through val.total changes by at most 60 % of its value at "
      "epoch 20");
  // (0.6 - 0.0926) / 0.1296 = 3.914 with three degrees of freedom, on one side.
  EXPECT_EQ(judged.numbers, (Sentences{"size 10: change -9.26 % ± 13 %; p 0.015"}));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  claim.seeds = 2;
  EXPECT_EQ(judge(claim, data).numbers,
            (Sentences{"size 10: change -9.26 % ± 13 %; 1 seed of 2 wanted"}));
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
}

TEST(GoldenClaims, AWindowOfItsOwn) {
  Claim claim = golden_claim(Claim::Kind::converged_by);
  claim.epoch = 20;
  claim.window = 7;
  EXPECT_EQ(judge(claim, golden::data_of({}, Better::lower)).rule.substr(0, 19),
            "from epoch 14 to 20");
  claim.window = 0;
  claim.epoch = 50;
  EXPECT_EQ(judge(claim, golden::data_of({}, Better::lower)).rule.substr(0, 19),
            "from epoch 40 to 50");
}

TEST(GoldenClaims, EverySpikeThatIsNamed) {
  Claim claim = golden_claim(Claim::Kind::spikes);
  claim.height = 1.5;
  const ReportData data =
      golden::data_of({sized('a', 10, 1, {4, 4, 9, 4, 4, 4, 4, 4, 5, 4, 4})}, Better::lower);
  EXPECT_EQ(judge(claim, data).numbers,
            (Sentences{"size 10: spikes at epoch 3 (2.25 times), noise 0 %"}));
  claim.epochs = {2};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported) << "within one epoch";
  claim.epochs = {2, 9};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted);
}

TEST(GoldenClaims, AnUndecidedStepSaysHowManySeedsWouldDecideIt) {
  // The differences 0.2, -0.1 and 0.05: a mean of 0.05 and a deviation of 0.15.
  const JudgedClaim judged = judge(golden_claim(Claim::Kind::decreases),
                                   ending({kBest, {3.3, 2.6, 3.0}}, {1, 1}, Better::lower));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.numbers,
            (Sentences{"2.917 at size 10 (3 seeds), 2.967 at 20 (3 seeds): difference 0.05, 95 % "
                       "interval -0.3226 to 0.4226 (paired by seed); p 0.62; about 70 more seeds "
                       "on each side would decide it at this spread"}));
}

}  // namespace
}  // namespace epochal::report

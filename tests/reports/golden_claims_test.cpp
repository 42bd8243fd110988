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
  JudgedClaim judged = judge(claim, with_gaps(Better::lower));
  EXPECT_EQ(judged.numbers,
            (Sentences{"size 10: seed 1: gap 50 %; seed 2: gap 25 %; seed 3: gap 12.5 %; 95 % "
                       "interval of the mean over seeds -18.3 % to 76.6 %"}));
  EXPECT_EQ(judged.verdict, Verdict::supported) << "at most includes it";
  claim.at_most = 0.3;
  EXPECT_EQ(judge(claim, with_gaps(Better::lower)).verdict, Verdict::undecided);
  claim.at_most = 0.1;
  EXPECT_EQ(judge(claim, with_gaps(Better::lower)).verdict, Verdict::refuted);
  EXPECT_EQ(judge(claim, with_gaps(Better::higher)).numbers.front().substr(0, 72),
            "size 10: seed 1: gap -50 %; seed 2: gap -25 %; seed 3: gap -12.5 %; 95 %");
}

TEST(GoldenClaims, OneSettingThatIsUndecidedLeavesItOpen) {
  Claim claim = golden_claim(Claim::Kind::gap);
  claim.at_most = 0.3;
  ReportData data = with_gaps(Better::lower);
  data.runs.push_back(sized('d', 30, 1, {9, 5}, {9, 5}));
  EXPECT_EQ(judge(claim, data).numbers.back(), "size 30: gap 0 %");
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
  data.runs.back().metrics["val.total"].back().value = 10;
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted) << "one refuted setting is enough";
}

TEST(GoldenClaims, ConvergenceOverTheLastFifth) {
  // From epoch 8 to 10: (2.3 - 1.9) / 2 = 20 %. Epoch 7, far above, is not in it.
  Claim claim = golden_claim(Claim::Kind::converged_by);
  claim.epoch = 10;
  claim.tolerance = 0.2001;
  const ReportData data = golden::data_of(
      {sized('a', 10, 1, {90, 80, 70, 60, 50, 40, 30, 2.3, 1.9, 2, 700})}, Better::lower);
  const JudgedClaim judged = judge(claim, data);
  EXPECT_EQ(judged.rule,
            "from epoch 8 to 10 (the last fifth) the largest and the smallest val.total "
            "differ by at most 20 % of its value at epoch 10");
  EXPECT_EQ(judged.numbers, (Sentences{"size 10: change 20 %"}));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  claim.seeds = 2;
  EXPECT_EQ(judge(claim, data).numbers, (Sentences{"size 10: change 20 %; 1 seed of 2 wanted"}));
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
}

TEST(GoldenClaims, AFifthOfTwentyEpochsIsFour) {
  Claim claim = golden_claim(Claim::Kind::converged_by);
  claim.epoch = 20;
  golden::Values values(20, 4);
  values[14] = 9;  // epoch 15
  values[15] = 5;  // epoch 16
  const JudgedClaim judged =
      judge(claim, golden::data_of({sized('a', 10, 1, values)}, Better::lower));
  EXPECT_EQ(judged.rule.substr(0, 21), "from epoch 16 to 20 (");
  EXPECT_EQ(judged.numbers, (Sentences{"size 10: change 25 %"})) << "(5 - 4) / 4";
}

TEST(GoldenClaims, EverySpikeThatIsNamed) {
  Claim claim = golden_claim(Claim::Kind::spikes);
  claim.height = 1.5;
  const ReportData data =
      golden::data_of({sized('a', 10, 1, {4, 4, 9, 4, 4, 4, 4, 4, 5, 4, 4})}, Better::lower);
  EXPECT_EQ(judge(claim, data).numbers, (Sentences{"size 10: spikes at epoch 3 (2.25 times)"}));
  claim.epochs = {2};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported) << "within one epoch";
  claim.epochs = {2, 9};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted);
}

}  // namespace
}  // namespace epochal::report

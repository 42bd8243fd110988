// Claims about the course of a setting, against records that support them, refute them, and leave
// them open.

#include <gtest/gtest.h>

#include <cmath>

#include "reports/claims.h"
#include "tests/reports/claim_data.h"
#include "tests/support/expect_in.h"

namespace epochal::report {
namespace {

using namespace claim_data;
using test::expect_in;

TEST(Claims, ConvergedLooksAtTheLastFifthOfTheWay) {
  Claim claim = claim_of(Claim::Kind::converged_by);
  claim.epoch = 20;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat)})).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat), run_of(100, 0, kFalling)})).verdict,
            Verdict::refuted);
  const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, kFlat), run_of(10, 1, kFalling)}));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  expect_in(judged.numbers.front(), "; the seeds do not agree");
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, {5, 4})})).verdict, Verdict::undecided)
      << "it has no epoch 20";
}

TEST(Claims, ConvergedSaysWhyThereIsNoLine) {
  Claim claim = claim_of(Claim::Kind::converged_by);
  claim.epoch = 6;
  const auto why = [&](const Values& values) {
    const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, values)}));
    EXPECT_EQ(judged.verdict, Verdict::undecided);
    return judged.numbers.front();
  };
  expect_in(why({0, 0, 0, 0, 0, 0}), "; its line ends at 0");
  expect_in(why({1, 1, 1}), "; it has fewer than 4 finite values from epoch 2 to 6");
  expect_in(why({1, 1, std::nan(""), 1, 1, 1}), "; it has values that are not finite");
  expect_in(why({1, 1, 1, 1, 1}), "; it has no value at epoch 6");
}

TEST(Claims, OfTwoSeedsTheLeastSureDecides) {
  Claim claim = claim_of(Claim::Kind::converged_by);
  claim.epoch = 20;
  Values noisy = kFlat;
  for (std::size_t i = 15; i < noisy.size(); ++i) noisy[i] = i % 2 == 0 ? 2.2 : 1.8;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat), run_of(10, 1, kFlat)})).verdict,
            Verdict::supported);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat), run_of(10, 1, noisy)})).verdict,
            Verdict::undecided);
}

TEST(Claims, ConvergedAsksForTheSlopeNotForEachEpoch) {
  // Single epochs are 10 % away from each other, and the line through them is flat.
  Claim claim = claim_of(Claim::Kind::converged_by);
  claim.epoch = 12;
  claim.window = 12;
  claim.tolerance = 0.2;
  const Values noisy{2.1, 1.9, 2.0, 2.1, 1.9, 2.0, 2.0, 1.9, 2.1, 2.0, 1.9, 2.1};
  const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, noisy)}));
  EXPECT_EQ(judged.verdict, Verdict::supported) << judged.numbers.front();
  claim.tolerance = 0.01;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, noisy)})).verdict, Verdict::undecided)
      << "that is less than its noise shows";
}

TEST(Claims, SpikesNearTheEpochsThatAreNamed) {
  Claim claim = claim_of(Claim::Kind::spikes);
  const Values spiky{10, 9.1, 8, 7.1, 12, 5.6, 5, 4.5, 4, 3.55, 3.2, 2.8, 5, 2.3, 2, 1.8};
  claim.epochs = {6, 13};
  const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, spiky)}));
  EXPECT_EQ(judged.verdict, Verdict::supported) << judged.numbers.front();
  expect_in(judged.numbers.front(), "spikes at epoch 5 (1.");
  expect_in(judged.numbers.front(), ", epoch 13 (1.");
  claim.epochs = {9, 13};
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, spiky)})).verdict, Verdict::refuted);
  claim.epochs.clear();
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, {9, 8, 7, 6, 5, 4.4, 4, 3.6, 3.2, 3})})).verdict,
            Verdict::refuted);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, {5, 4, 3, 2})})).verdict, Verdict::undecided)
      << "four epochs show no noise";
}

TEST(Claims, NoSpikeIsExcludedAtAnEpochThatIsNotExamined) {
  Claim claim = claim_of(Claim::Kind::spikes);
  const ReportData data = data_of({run_of(10, 0, {9, 8, 7, 6, 5, 4.4, 4, 3.6, 3.2, 3})});
  const auto undecided = [&](Epoch epoch, const std::string& why) {
    claim.epochs = {epoch};
    const JudgedClaim judged = judge(claim, data);
    EXPECT_EQ(judged.verdict, Verdict::undecided);
    expect_in(judged.numbers.front(), why);
  };
  undecided(1, "; epoch 1 is the first one, which is not examined");
  undecided(10, "; epoch 10 is the last one, which is not examined");
  undecided(11, "; it has no value at epoch 11");
  claim.epochs = {2};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted);
  claim.epochs = {1, 5};
  EXPECT_EQ(judge(claim, data).verdict, Verdict::refuted) << "there is none at one of them";
}

TEST(Claims, SettledWhateverTheBeginning) {
  Claim claim = claim_of(Claim::Kind::settled);
  claim.epoch = 12;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat)})).verdict, Verdict::supported);
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFalling)})).verdict, Verdict::refuted);
  const JudgedClaim judged = judge(claim, data_of({run_of(10, 0, kFlat), run_of(10, 1, kFalling)}));
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.rule, "from epoch 12 on val.total stays within 10 % of its end");
  claim.epoch = 100;
  EXPECT_EQ(judge(claim, data_of({run_of(10, 0, kFlat)})).verdict, Verdict::undecided)
      << "no run came as far";
}

TEST(Claims, GapOfTheRunsThatAreMeant) {
  Claim claim = claim_of(Claim::Kind::gap);
  claim.only_name = "dataset_size";
  claim.only_value = std::int64_t{100};
  std::vector<ReportedRun> runs = seeds_with_gap(10, 1);
  for (ReportedRun& run : seeds_with_gap(100, 0.05)) runs.push_back(run);
  EXPECT_EQ(judge(claim, data_of(runs)).verdict, Verdict::supported);
  claim.only_value = std::int64_t{10};
  const JudgedClaim judged = judge(claim, data_of(runs));
  EXPECT_EQ(judged.verdict, Verdict::refuted);
  EXPECT_EQ(judged.runs, (std::vector<std::string>{"10-0", "10-1", "10-2"}));
}

TEST(Claims, AGapOfOneSeedNeedsTheErrorOfTheValidationSet) {
  Claim claim = claim_of(Claim::Kind::gap);
  ReportedRun run = run_of(10, 0, {9, 4.1}, {9, 4});
  const JudgedClaim without = judge(claim, data_of({run}));
  EXPECT_EQ(without.verdict, Verdict::undecided);
  EXPECT_EQ(without.numbers.front(),
            "dataset_size 10: gap 2.5 %; too few seeds to judge without values by validation "
            "sample: 1 seed, 3 are needed");
  run.validation[2] = {"pictures", {{"val.total", {4.0, 4.1, 4.2, 4.05, 4.15}}}};
  const JudgedClaim with = judge(claim, data_of({run}));
  EXPECT_EQ(with.verdict, Verdict::supported);
  // A mean of 0.025 and a standard error of 0.00884 with 4 degrees of freedom.
  expect_in(with.numbers.front(), "gap 2.5 % (0.0459 % to 4.95 % over 5 validation samples)");
  run.validation[2] = {"pictures", {{"val.total", {2, 6.2}}}};
  EXPECT_EQ(judge(claim, data_of({run})).verdict, Verdict::undecided);
  expect_in(judge(claim, data_of({run})).numbers.front(),
            "more seeds would not decide it: the validation set has too few samples");
}

TEST(Claims, AGapAtAStepLeavesOutWhatEndsBefore) {
  Claim claim = claim_of(Claim::Kind::gap);
  claim.at_step = 100;
  std::vector<ReportedRun> runs = seeds_with_gap(10, 0.05);
  for (ReportedRun& run : seeds_with_gap(100, 3)) runs.push_back(run);
  for (ReportedRun& run : runs) {
    for (store::EpochRecord& epoch : run.epochs) {
      epoch.steps = run.run.group_identity == "10" ? 50 : 2;
    }
  }
  const JudgedClaim judged = judge(claim, data_of(runs));
  EXPECT_EQ(judged.verdict, Verdict::supported);
  EXPECT_EQ(judged.rule, "at step 100 val.total is at most 10 % above train.total");
  EXPECT_EQ(judged.numbers.size(), 1U);
  claim.at_step = 1000;
  EXPECT_EQ(judge(claim, data_of(runs)).numbers.front(),
            "no run comes to step 1,000 and has an epoch that ends by it");
  claim.only_name = "dataset_size";
  claim.only_value = std::int64_t{7};
  EXPECT_EQ(judge(claim, data_of(runs)).numbers.front(), "no run has dataset_size 7");
  claim.only_name.clear();
  claim.at_step = 100;
  runs.front().metrics["val.total"].pop_back();
  EXPECT_EQ(judge(claim, data_of(runs)).verdict, Verdict::undecided);
  expect_in(judge(claim, data_of(runs)).numbers.front(),
            "no train.total beside val.total at step 100");
}

TEST(Claims, AreAboutTheObjectiveBeforeItIsMeasured) {
  ReportData data = data_of({run_of(10, 0, {}, {9, 4})});
  data.main_metric = "train.total";
  const JudgedClaim judged = judge(claim_of(Claim::Kind::gap), data);
  EXPECT_EQ(judged.verdict, Verdict::undecided);
  EXPECT_EQ(judged.rule, "at the end val.total is at most 10 % above train.total");
}

TEST(Claims, OnlyComparesNumbersAsNumbers) {
  Claim claim = claim_of(Claim::Kind::gap);
  claim.only_name = "dataset_size";
  claim.only_value = 100.0;
  const ReportData data = data_of(seeds_with_gap(100, 0.05));
  EXPECT_EQ(judge(claim, data).verdict, Verdict::supported);
  claim.only_value = std::string("100");
  EXPECT_EQ(judge(claim, data).verdict, Verdict::undecided);
}

TEST(Claims, AnAccuracyThatDropsIsASpikeAndOneThatLagsBehindTrainingAGap) {
  ReportData data =
      data_of({run_of(10, 0, {5, 5.5, 6, 6.5, 2, 7.4, 8, 8.5, 9}, {5, 6, 6, 6, 7, 8, 8, 9, 10})});
  data.declarations = declared(Better::higher);
  const JudgedClaim spikes = judge(claim_of(Claim::Kind::spikes), data);
  EXPECT_EQ(spikes.verdict, Verdict::supported);
  EXPECT_EQ(spikes.numbers.front().substr(0, 48),
            "dataset_size 10: spikes at epoch 5 (0.29 times),");
  const JudgedClaim gap = judge(claim_of(Claim::Kind::gap), data);
  EXPECT_EQ(gap.verdict, Verdict::undecided) << "of one seed";
  EXPECT_EQ(gap.numbers.front().substr(0, 25), "dataset_size 10: gap 10 %");
  EXPECT_EQ(gap.rule, "at the end val.total is at most 10 % below train.total");
}

}  // namespace
}  // namespace epochal::report

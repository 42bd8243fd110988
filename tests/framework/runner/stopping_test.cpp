#include "framework/runner/stopping.h"

#include <gtest/gtest.h>

#include <cmath>

namespace epochal {
namespace {

MeasuredRun curve(const std::vector<double>& values) {
  ValuesByEpoch curve;
  for (const double value : values) curve[static_cast<Epoch>(curve.size()) + 1] = value;
  return {curve, 0};
}

StopRules with_metric() {
  StopRules rules;
  rules.metric = "val.loss";
  return rules;
}

TEST(Stopping, PatienceCountsEpochsWithoutAnImprovement) {
  StopRules rules = with_metric();
  rules.patience = StopRules::Patience{2, 0.1};
  EXPECT_FALSE(reason_to_stop(rules, curve({3, 2, 1.95}), {}));
  EXPECT_EQ(reason_to_stop(rules, curve({3, 2, 1.95, 1.92}), {}),
            "patience: val.loss has not improved on 2 of epoch 2 for 2 epochs");
  EXPECT_FALSE(reason_to_stop(rules, curve({3, 2, 1.95, 1.85}), {}));
  EXPECT_TRUE(reason_to_stop(rules, curve({3, NAN, NAN}), {}));
  EXPECT_EQ(reason_to_stop(rules, curve({NAN, NAN, NAN}), {}),
            "patience: val.loss has not improved on nan of epoch 1 for 2 epochs");
}

// Vizier's rule, worked out by hand: by epoch 2 the others' averages are 5, 4 and 3, their best
// values 4, 3 and 2.
TEST(Stopping, TheMedianRuleComparesTheBestWithTheMedianOfAverages) {
  StopRules rules = with_metric();
  rules.median = StopRules::Median{2, 3};
  const std::vector<MeasuredRun> others{curve({6, 4, 1}), curve({5, 3, 1}), curve({4, 2})};
  EXPECT_FALSE(reason_to_stop(rules, curve({9}), others)) << "warming up";
  EXPECT_FALSE(reason_to_stop(rules, curve({9, 4}), others)) << "at the median";
  EXPECT_EQ(reason_to_stop(rules, curve({9, 4.5}), others),
            "median: the best val.loss is 4.5, the median of 3 others' averages 4 by epoch 2");
  EXPECT_FALSE(reason_to_stop(rules, curve({4, 9}), others)) << "its best value counts";
  EXPECT_FALSE(reason_to_stop(rules, curve({9, 4.5, 4.5}), others)) << "too few came as far";
  EXPECT_TRUE(reason_to_stop(rules, curve({NAN, NAN}), others));
}

TEST(Stopping, AshaKeepsTheBestOfEachRung) {
  StopRules rules = with_metric();
  rules.asha = StopRules::Asha{1, 2};
  const std::vector<MeasuredRun> others{curve({1, 1, 1, 1}), curve({2, 2, 2, 2}),
                                        curve({4, 4, 4, 4})};
  EXPECT_FALSE(reason_to_stop(rules, curve({1.5}), others)) << "second of four";
  EXPECT_EQ(reason_to_stop(rules, curve({3}), others),
            "ASHA: val.loss is 3, number 3 of 4 at epoch 1, of which 2 went on");
  EXPECT_FALSE(reason_to_stop(rules, curve({1.5, 1.5, 9}), others)) << "epoch 3 is no rung";
  EXPECT_TRUE(reason_to_stop(rules, curve({1.5, 1.5, 9, 9}), others));
  EXPECT_FALSE(reason_to_stop(rules, curve({9}), {})) << "the first at its rung";
}

TEST(Stopping, AshaTakesTheFirstValueFromARungOn) {
  StopRules rules = with_metric();
  rules.asha = StopRules::Asha{1, 3};  // rungs 1, 3, 9, 27
  const auto every_fourth = [](double value) {
    return MeasuredRun{{{4, value}, {8, value}, {12, value}}, 0};
  };
  const std::vector<MeasuredRun> others{every_fourth(1), every_fourth(2), every_fourth(3)};
  EXPECT_EQ(reason_to_stop(rules, {{{4, 9.0}}, 0}, others),
            "ASHA: val.loss is 9, number 4 of 4 at epoch 4, of which 1 went on");
  EXPECT_FALSE(reason_to_stop(rules, {{{4, 0.5}, {8, 9.0}}, 0}, others)) << "no rung since epoch 4";
  EXPECT_TRUE(reason_to_stop(rules, {{{4, 1.5}, {8, 1.5}, {12, 9.0}}, 0}, others));
}

/// The first place from 0 on whose run is in the bracket.
std::int64_t place_in(const StopRules::Asha& asha, int bracket) {
  std::int64_t place = 0;
  while (bracket_of(asha, place) != bracket) ++place;
  return place;
}

/// Of 17 runs, ⌈3 · 9 / 3⌉ = 9 are in the first of three brackets, ⌈3 · 3 / 2⌉ = 5 in the second
/// and 3 in the third.
TEST(Stopping, BracketsShareTheRuns) {
  const StopRules::Asha asha{1, 3, 3};
  std::map<int, int> counts;
  for (std::int64_t place = 0; place < 1700; ++place) ++counts[bracket_of(asha, place)];
  EXPECT_NEAR(counts[0], 900, 3);
  EXPECT_NEAR(counts[1], 500, 3);
  EXPECT_NEAR(counts[2], 300, 3);
  EXPECT_EQ(bracket_of({1, 3, 1}, 12345), 0);
}

TEST(Stopping, ABracketStartsAtItsOwnEpochAndComparesItsOwnRuns) {
  StopRules rules = with_metric();
  rules.asha = StopRules::Asha{1, 2, 2};
  const std::int64_t first = place_in(*rules.asha, 0);
  const std::int64_t second = place_in(*rules.asha, 1);
  const auto at = [](MeasuredRun run, std::int64_t place) {
    run.place = place;
    return run;
  };
  const std::vector<MeasuredRun> others{at(curve({1, 1}), first), at(curve({1, 1}), second)};
  EXPECT_EQ(reason_to_stop(rules, at(curve({3}), first), others),
            "ASHA: val.loss is 3, number 2 of 2 of bracket 1/2 at epoch 1, of which 1 went on");
  EXPECT_FALSE(reason_to_stop(rules, at(curve({3}), second), others)) << "its first is epoch 2";
  EXPECT_TRUE(reason_to_stop(rules, at(curve({3, 3}), second), others));
  const std::vector<MeasuredRun> of_the_first{at(curve({1, 1}), first)};
  EXPECT_FALSE(reason_to_stop(rules, at(curve({3, 3}), second), of_the_first)) << "no rival";
}

TEST(Stopping, NeverStopsTheBestNorTheGood) {
  StopRules rules = with_metric();
  rules.asha = StopRules::Asha{1, 2};
  rules.median = StopRules::Median{1, 1};
  const std::vector<MeasuredRun> others{curve({5, 1}), curve({6, 1.1}), curve({7, 1.2})};
  EXPECT_FALSE(reason_to_stop(rules, curve({0.5, 4}), others)) << "the best of all so far";
  EXPECT_TRUE(reason_to_stop(rules, curve({2, 4}), others));
  rules.good = 2;
  EXPECT_FALSE(reason_to_stop(rules, curve({2, 4}), others));
}

TEST(Stopping, MayWantMore) {
  StopRules rules = with_metric();
  rules.lower_is_better = false;
  rules.median = StopRules::Median{1, 1};
  EXPECT_TRUE(reason_to_stop(rules, curve({1}), {curve({2})}));
  EXPECT_FALSE(reason_to_stop(rules, curve({3}), {curve({2})}));
  rules.good = 0.5;
  EXPECT_FALSE(reason_to_stop(rules, curve({1}), {curve({2})}));
}

TEST(StopRulesText, ReadsBackWhatItWrites) {
  StopRules rules = with_metric();
  rules.good = 0.1;
  rules.within = "dataset_size";
  rules.patience = StopRules::Patience{3, 0.25};
  rules.asha = StopRules::Asha{2, 4, 3};
  const StopRules again = stop_rules(to_text(rules));
  EXPECT_EQ(to_text(again), to_text(rules));
  EXPECT_EQ(again.patience->min_delta, 0.25);
  EXPECT_EQ(again.asha->brackets, 3);
  rules.asha->brackets = 1;
  EXPECT_EQ(stop_rules(to_text(rules)).asha->brackets, 1);
  EXPECT_FALSE(again.median);
}

}  // namespace
}  // namespace epochal

#include "framework/sweep/sweep_tables.h"

#include <gtest/gtest.h>

#include "framework/sweep/sweep.h"
#include "tests/support/expect_error.h"

namespace epochal {
namespace {

Sweep sweep_claiming(const std::string& claim) {
  return parse_sweep("name='s'\nexperiment='noop'\n[[claim]]\ntext='so it is'\n" + claim, "s.toml");
}

TEST(ClaimTable, ReadsAllKinds) {
  const Claim ratio =
      sweep_claiming("kind='ratio'\nstatistic='first'\nexpected=10\ntolerance=0.5\nover='gamma'")
          .claims.front();
  EXPECT_EQ(ratio.kind, Claim::Kind::ratio);
  EXPECT_EQ(ratio.statistic, Claim::Statistic::first);
  EXPECT_EQ(ratio.expected, 10);
  EXPECT_EQ(ratio.over, "gamma");
  const Claim spikes =
      sweep_claiming("kind='spikes'\nepochs=[6, 14]\nonly={dataset_size=1000}").claims.front();
  EXPECT_EQ(spikes.epochs, (std::vector<Epoch>{6, 14}));
  EXPECT_EQ(spikes.only_value, ParameterValue(std::int64_t{1000}));
  EXPECT_EQ(sweep_claiming("kind='better_than'\nvalue=10\nthan='x'").claims.front().than,
            ParameterValue(std::string("x")));
  for (const char* kind : {"decreases", "increases", "gap"}) {
    const Claim claim = sweep_claiming("kind='" + std::string(kind) + "'").claims.front();
    EXPECT_EQ(name_of(claim.kind), kind);
  }
  EXPECT_EQ(sweep_claiming("kind='converged_by'\nepoch=20").claims.front().epoch, 20);
}

TEST(ClaimTable, ReadsTheKeysOfNewerKinds) {
  const Claim equal = sweep_claiming("kind='equal_within'\nmargin=0.2").claims.front();
  EXPECT_EQ(equal.margin, 0.2);
  const Claim relative = sweep_claiming("kind='equal_within'\ntolerance=0.1").claims.front();
  EXPECT_EQ(relative.margin, 0) << "the tolerance counts";
  EXPECT_EQ(relative.tolerance, 0.1);
  const Claim law = sweep_claiming("kind='power_law'\nexpected=-0.3\nat_images=1e6").claims.front();
  EXPECT_EQ(law.expected, -0.3);
  EXPECT_EQ(law.tolerance, 0.1);
  EXPECT_EQ(law.at_images, 1'000'000);
  const Claim settled = sweep_claiming("kind='settled'\nepoch=12").claims.front();
  EXPECT_EQ(settled.epoch, 12);
  EXPECT_EQ(settled.distance, 0.1);
  const Claim window = sweep_claiming("kind='converged_by'\nepoch=20\nwindow=8").claims.front();
  EXPECT_EQ(window.window, 8);
  for (const char* kind : {"ratio", "power_law"}) {
    const std::string claim = "kind='" + std::string(kind) + "'\nexpected=2\n";
    EXPECT_EQ(sweep_claiming(claim + "statistic='settled'\ndistance=0.2").claims.front().distance,
              0.2);
  }
  EXPECT_EQ(sweep_claiming("kind='gap'\nat_step=500").claims.front().at_step, 500);
  EXPECT_FALSE(sweep_claiming("kind='gap'").claims.front().at_step);
}

TEST(ClaimTable, ClaimsDoNotChangeWhatASweepComputes) {
  EXPECT_EQ(content_hash(sweep_claiming("kind='gap'")),
            content_hash(parse_sweep("name='s'\nexperiment='noop'\n", "s.toml")));
}

TEST(ClaimTable, RefusesWhatItDoesNotKnowAtItsPlace) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"kind='decrases'", "s.toml:5:6: unknown kind 'decrases' of a claim; did you mean"},
      {"kind='gap'\nepoch=3", "s.toml:6:1: unknown key 'epoch' in a claim of kind gap"},
      {"kind='ratio'", "the claim has no expected"},
      {"kind='converged_by'", "the claim has no epoch"},
      {"kind='converged_by'\nepoch=0", "epoch must be a whole number from 1"},
      {"kind='ratio'\nexpected=-1", "expected must be a number above 0"},
      {"kind='ratio'\nexpected=nan", "expected must be a number above 0"},
      {"kind='spikes'\nepochs=[]", "epochs is an empty array"},
      {"kind='gap'\nonly={a=1, b=2}", "only must name exactly one parameter"},
      {"kind='better_than'\nvalue=1", "the claim has no than"},
      {"kind='equal_within'", "a claim of kind equal_within needs either margin or tolerance"},
      {"kind='equal_within'\nmargin=1\ntolerance=1", "needs either margin or tolerance"},
      {"kind='power_law'", "the claim has no expected"},
      {"kind='settled'", "the claim has no epoch"},
      {"kind='converged_by'\nepoch=9\nwindow=4", "window must be a whole number from 5"},
      {"kind='gap'\nat_step=0", "at_step must be a whole number from 1"},
      {"kind='gap'\nat_step=1.5", "at_step must be a whole number from 1"},
      {"kind='gap'\nat_step=1\nat_images=2", "a claim has either at_step or at_images"},
      {"kind='decreases'\nstatistic='settled'\nat_step=1", "is not at a step"},
      {"kind='spikes'\nat_step=1", "unknown key 'at_step' in a claim of kind spikes"},
      {"kind=3", "s.toml:5:6: kind must be"},
      {"kind='gap'\nmetric='" + std::string(300, 'x') + "'", "metric must be 1 to 200 bytes"}};
  for (const auto& [claim, message] : wrong) {
    test::expect_error(message, [&, text = claim] { sweep_claiming(text); });
  }
}

}  // namespace
}  // namespace epochal

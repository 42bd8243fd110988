#include "framework/runner/kept_checkpoints.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using Epochs = std::vector<Epoch>;

Metrics loss(double value) {
  return {{"val.loss", value}};
}

const MetricSpec kLoss{"val.loss", Better::lower, "", ""};

TEST(KeptCheckpoints, TheBestIsTheHighestWhereHigherIsBetter) {
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, {"val.loss", Better::higher, "", ""}, {},
                       {});
  kept.after(1, loss(0.5));
  kept.after(2, loss(0.9));
  EXPECT_EQ(kept.after(3, loss(0.8)), Epochs{1});
  EXPECT_EQ(kept.after(4, loss(0.1)), Epochs{});
  EXPECT_EQ(kept.after(5, loss(0.2)), Epochs{3});
}

TEST(KeptCheckpoints, WithoutADirectionNoneIsTheBest) {
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, {"val.loss", {}, "", ""}, {}, {});
  kept.after(1, loss(0.5));
  kept.after(2, loss(0.9));
  EXPECT_EQ(kept.after(3, loss(0.8)), Epochs{1});
}

TEST(KeptCheckpoints, KeepsTheLastTwoAndTheBest) {
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, kLoss, {}, {});
  EXPECT_EQ(kept.after(1, loss(5)), Epochs{});
  EXPECT_EQ(kept.after(2, loss(1)), Epochs{});
  EXPECT_EQ(kept.after(3, loss(2)), Epochs{1});
  EXPECT_EQ(kept.after(4, loss(3)), Epochs{});
  EXPECT_EQ(kept.after(5, loss(4)), Epochs{3});
  EXPECT_EQ(kept.after(6, loss(0.5)), (Epochs{2, 4}));
}

TEST(KeptCheckpoints, KeepsTheLastTwoThatThereAre) {
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, kLoss, {}, {});
  EXPECT_EQ(kept.after(3, loss(1)), Epochs{});
  EXPECT_EQ(kept.after(6, loss(2)), Epochs{});
  EXPECT_EQ(kept.after(9, loss(3)), Epochs{});
  EXPECT_EQ(kept.after(12, loss(4)), Epochs{6});
}

TEST(KeptCheckpoints, TheBestIsOneWithACheckpoint) {
  std::vector<store::EpochRecord> epochs(6);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    epochs[i].number = static_cast<Epoch>(i) + 1;
    epochs[i].metrics = loss(i == 3 ? 1 : 10 + static_cast<double>(i));
  }
  std::vector<store::ArtifactRecord> artifacts(2);
  artifacts[0].epoch = 3;
  artifacts[1].epoch = 6;
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, kLoss, epochs, artifacts);
  EXPECT_EQ(kept.after(9, loss(30)), Epochs{}) << "3 is the best, 6 and 9 the last";
  EXPECT_EQ(kept.after(12, loss(40)), Epochs{6});
}

TEST(KeptCheckpoints, NaNIsNeverTheBest) {
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, kLoss, {}, {});
  kept.after(1, loss(std::nan("")));
  kept.after(2, loss(-INFINITY));
  kept.after(3, loss(7));
  EXPECT_EQ(kept.after(4, loss(8)), Epochs{2});
  EXPECT_EQ(kept.after(5, loss(8)), Epochs{});
}

TEST(KeptCheckpoints, OtherPoliciesAndNoObjective) {
  KeptCheckpoints last(KeepCheckpoints::last, kLoss, {}, {});
  last.after(1, loss(1));
  last.after(2, loss(2));
  EXPECT_EQ(last.after(3, loss(3)), Epochs{1});
  KeptCheckpoints all(KeepCheckpoints::all, kLoss, {}, {});
  for (Epoch epoch = 1; epoch < 9; ++epoch) EXPECT_EQ(all.after(epoch, loss(1)), Epochs{});
  KeptCheckpoints none(KeepCheckpoints::last_and_best, {}, {}, {});
  none.after(1, loss(1));
  none.after(2, loss(2));
  EXPECT_EQ(none.after(3, loss(3)), Epochs{1});
}

TEST(KeptCheckpoints, GoesOnWithWhatARunHas) {
  std::vector<store::EpochRecord> epochs(4);
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    epochs[i].number = static_cast<Epoch>(i) + 1;
    epochs[i].metrics = loss(i == 1 ? 1 : 5);
  }
  std::vector<store::ArtifactRecord> artifacts(3);
  artifacts[0].epoch = 2;
  artifacts[1].epoch = 3;
  artifacts[2].epoch = 4;
  KeptCheckpoints kept(KeepCheckpoints::last_and_best, kLoss, epochs, artifacts);
  EXPECT_EQ(kept.after(5, loss(3)), Epochs{3});
}

TEST(KeepCheckpoints, ReadsItsNames) {
  EXPECT_EQ(keep_checkpoints("last and best", "x"), KeepCheckpoints::last_and_best);
  test::expect_error("s.toml:3:1: keep_checkpoints = \"lst\" is not one of its choices",
                     [] { keep_checkpoints("lst", "s.toml:3:1"); });
}

}  // namespace
}  // namespace epochal

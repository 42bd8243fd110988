#include "framework/runner/run_comparison.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace epochal {
namespace {

store::EpochRecord epoch(Epoch number, Metrics metrics) {
  store::EpochRecord record;
  record.number = number;
  record.metrics = std::move(metrics);
  return record;
}

TEST(RunComparison, TellsTheLastBit) {
  const double value = 0.1;
  const double next = std::nextafter(value, 1.0);
  const auto equal = compare_epochs({epoch(1, {{"a", value}, {"n", std::nan("")}})},
                                    {epoch(1, {{"a", value}, {"n", std::nan("")}})});
  EXPECT_TRUE(equal.front().is_equal);
  const auto unequal =
      compare_epochs({epoch(1, {{"a", value}, {"b", 1}})}, {epoch(1, {{"a", next}, {"b", 1}})});
  EXPECT_FALSE(unequal.front().is_equal);
  EXPECT_EQ(unequal.front().furthest_metric, "a");
  EXPECT_LT(unequal.front().relative_distance, 1e-15);
  EXPECT_GT(unequal.front().relative_distance, 0);
}

TEST(RunComparison, NamesWhatIsFurthestApart) {
  const auto found = compare_epochs({epoch(1, {{"a", 1.0}, {"b", 100.0}})},
                                    {epoch(1, {{"a", 1.1}, {"b", 101.0}})});
  EXPECT_EQ(found.front().furthest_metric, "a");
  EXPECT_NEAR(found.front().relative_distance, 0.1 / 1.1, 1e-12);
}

TEST(RunComparison, AMetricThatIsMissingOrDivergedIsInfinitelyFar) {
  const auto missing = compare_epochs({epoch(1, {{"a", 1}, {"b", 2}})}, {epoch(1, {{"a", 1}})});
  EXPECT_FALSE(missing.front().is_equal);
  EXPECT_EQ(missing.front().relative_distance, std::numeric_limits<double>::infinity());
  const auto diverged = compare_epochs({epoch(1, {{"a", 1}})}, {epoch(1, {{"a", std::nan("")}})});
  EXPECT_EQ(diverged.front().relative_distance, std::numeric_limits<double>::infinity());
}

TEST(RunComparison, AMetricNeedNotBeMeasuredAfterEveryEpoch) {
  const auto found =
      compare_epochs({epoch(2, {{"a", 1}, {"val", 5}}), epoch(3, {{"a", 1}, {"val", 4}})},
                     {epoch(2, {{"a", 1}}), epoch(3, {{"a", 1}, {"val", 4}})});
  EXPECT_TRUE(found.at(0).is_equal);
  EXPECT_EQ(found.at(0).measured_once, std::vector<std::string>{"val"});
  EXPECT_TRUE(found.at(1).is_equal);
  EXPECT_TRUE(found.at(1).measured_once.empty());
}

TEST(RunComparison, ComparesTheLastCheckpointThatBothHave) {
  const auto file = [](Epoch number, const std::string& name, const std::string& hash) {
    store::ArtifactRecord artifact;
    artifact.kind = store::ArtifactRecord::Kind::checkpoint;
    artifact.epoch = number;
    artifact.name = name;
    artifact.sha256 = hash;
    return artifact;
  };
  const auto comparison = compare_checkpoints(
      {file(2, "w", "old"), file(4, "w", "x"), file(4, "s", "y"), file(6, "w", "new")},
      {file(2, "w", "old"), file(4, "w", "x"), file(4, "s", "z")});
  EXPECT_EQ(comparison.epoch, 4);
  EXPECT_EQ(comparison.equal, std::vector<std::string>{"w"});
  EXPECT_EQ(comparison.different, std::vector<std::string>{"s"});
  EXPECT_FALSE(compare_checkpoints({file(1, "w", "x")}, {}).epoch);
}

TEST(RunComparison, ListsWhatDiffersBetweenMachines) {
  store::RunRecord run;
  run.code_version = "1";
  store::AttemptRecord here;
  here.host.cpu = "A";
  here.libraries = {{"LibTorch", "1.13.1"}};
  store::AttemptRecord there = here;
  EXPECT_TRUE(environment_differences(run, here, run, there).empty());
  there.host.cpu = "B";
  there.libraries = {{"LibTorch", "2.1"}};
  EXPECT_EQ(environment_differences(run, here, run, there),
            (std::vector<std::string>{"CPU: A, then B", "LibTorch: 1.13.1, then 2.1"}));
}

}  // namespace
}  // namespace epochal

#include "db/step_chunk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "db/read_only_sql.h"
#include "tests/support/expect_error.h"
#include "tests/support/run_with_steps.h"

namespace epochal::store {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

StepColumns columns_of(const StepChunk& chunk) {
  StepColumns columns;
  columns.first_step = chunk.steps.front();
  columns.stride = stride_of(chunk.steps);
  columns.count = static_cast<std::int64_t>(chunk.steps.size());
  if (columns.stride == 0) columns.steps = bytes_of(chunk.steps);
  columns.values = bytes_of(chunk.values);
  return columns;
}

TEST(StepChunk, GivesBackWhatWasPackedToTheBit) {
  const std::vector<StepChunk> chunks{
      {"loss", 1, {7}, {0.1}},
      {"loss", 1, {0, 10, 20}, {1.0 / 3, -0.0, 1e-310}},
      {"loss", 1, {-5, 3, 1000000007}, {std::numeric_limits<double>::infinity(), 2, 3}}};
  for (const StepChunk& chunk : chunks) {
    StepChunk again;
    ASSERT_TRUE(unpack(columns_of(chunk), again));
    EXPECT_EQ(again.steps, chunk.steps);
    EXPECT_EQ(bytes_of(again.values), bytes_of(chunk.values));
  }
}

TEST(StepChunk, ADistanceThatIsTooLargeIsNone) {
  constexpr std::int64_t kLow = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kHigh = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(stride_of({kLow, kHigh}), 0);
  EXPECT_EQ(stride_of({-2, kHigh}), 0);
  EXPECT_EQ(stride_of({0, kHigh}), kHigh);
  EXPECT_EQ(stride_of({kLow, 0, kHigh}), 0);
}

TEST(StepChunk, RefusesColumnsThatContradictEachOther) {
  const StepChunk sound{"loss", 1, {1, 2, 4}, {1, 2, 3}};
  std::vector<StepColumns> broken(7, columns_of(sound));
  broken[0].count = 4;
  broken[1].count = 0;
  broken[2].count = std::int64_t{1} << 40;
  broken[3].stride = -1;
  broken[4].steps.pop_back();
  broken[5].first_step = 2;
  broken[6].steps = bytes_of(std::vector<std::int64_t>{1, 4, 2});
  for (const StepColumns& columns : broken) {
    StepChunk chunk;
    EXPECT_FALSE(unpack(columns, chunk));
  }
}

TEST(StepBins, HaveTheMeanAndTheRangeOfTheirStretch) {
  StepBinning binning(1, 100, 10);
  StepChunk chunk{"loss", 1, {}, {}};
  for (int step = 1; step <= 100; ++step) {
    chunk.steps.push_back(step);
    chunk.values.push_back(step == 5 ? kNan : step);
  }
  binning.add(chunk);
  const std::vector<StepBin> bins = binning.bins();
  ASSERT_EQ(bins.size(), 10U);
  EXPECT_EQ(bins[0].count, 9);
  EXPECT_DOUBLE_EQ(bins[0].mean, 50.0 / 9);
  EXPECT_DOUBLE_EQ(bins[9].lowest, 91);
  EXPECT_DOUBLE_EQ(bins[9].highest, 100);
  EXPECT_DOUBLE_EQ(bins[9].mean, 95.5);
  EXPECT_EQ(bins[9].last_step, 100);
}

TEST(StepBins, HoldAnyRangeOfSteps) {
  const std::int64_t low = std::numeric_limits<std::int64_t>::min();
  const std::int64_t high = std::numeric_limits<std::int64_t>::max();
  StepBinning binning(low, high, 300);
  binning.add({"loss", 1, {low, 0, high}, {1, 2, 3}});
  EXPECT_EQ(binning.bins().size(), 3U);
}

class StoredSteps : public test::RunWithSteps {
 protected:
  std::vector<std::int64_t> steps(const std::string& metric) {
    std::vector<std::int64_t> all;
    for (const StepChunk& chunk : chunks(metric)) {
      all.insert(all.end(), chunk.steps.begin(), chunk.steps.end());
    }
    return all;
  }
};

TEST_F(StoredSteps, GrowAndAreFoundByMetric) {
  store_.put_steps(run_, attempt_, {{"loss", 1, {1, 2}, {0.5, 0.25}}, {"rate", 1, {2}, {1e-3}}});
  store_.put_steps(run_, attempt_, {{"loss", 1, {1, 2, 3}, {0.5, 0.25, 0.125}}});
  EXPECT_EQ(steps("loss"), (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(steps("rate"), (std::vector<std::int64_t>{2}));
  const std::vector<StepMetric> metrics = query().step_metrics(run_);
  ASSERT_EQ(metrics.size(), 2U);
  EXPECT_EQ(metrics[0].count, 3);
}

TEST_F(StoredSteps, GoWithTheEpochsBehindACheckpoint) {
  store_.put_steps(run_, attempt_, {{"loss", 1, {1}, {1}}, {"loss", 2, {2}, {1}}});
  store_.drop_epochs_after(run_, attempt_, 1);
  EXPECT_EQ(steps("loss"), (std::vector<std::int64_t>{1}));
}

TEST_F(StoredSteps, AreRowsInSql) {
  store_.put_steps(run_, attempt_, {{"loss", 2, {5, 6, 9}, {1, kNan, 3}}});
  std::vector<std::vector<CellValue>> rows;
  read_only_sql(folder_.path(), "select metric, epoch, step, value from steps order by step",
                std::chrono::seconds(10), [] { return false; },
                {[](const auto&) {}, [&](const auto& row) { rows.push_back(row); }});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2], (std::vector<CellValue>{"loss", std::int64_t{2}, std::int64_t{9}, 3.0}));
  EXPECT_EQ(rows[1][3], CellValue());
}

TEST_F(StoredSteps, ThatAreDamagedAreSaidToBe) {
  store_.put_steps(run_, attempt_, {{"loss", 1, {1, 2}, {1, 2}}});
  store_.connection().database().exec("update step_chunk set vals = x'00'");
  test::expect_error("damaged", [&] { steps("loss"); });
  const auto health = query().health();
  EXPECT_FALSE(health.is_sound());
}

}  // namespace
}  // namespace epochal::store

#include "reports/statistics/noise_floor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reports/statistics/run_conditions.h"
#include "tests/reports/golden_data.h"

namespace epochal::report {
namespace {

using golden::attempt_on;
using golden::sized;

ReportedRun floor_run(std::int64_t size, std::uint64_t seed, double end, int threads) {
  ReportedRun run = sized('a', size, seed, {9, end});
  run.attempts = {attempt_on("alpha", "cpu", threads, 1, 2)};
  return run;
}

TEST(RunConditions, AreThreadsMachineLibraryAndMicroBatch) {
  ReportedRun run = floor_run(10, 1, 3, 4);
  EXPECT_EQ(conditions_of(run), "4 threads, Xeon, torch 2.1");
  run.run.parameters.set("micro_batch", std::int64_t{0});
  EXPECT_EQ(conditions_of(run), "4 threads, Xeon, torch 2.1") << "auto, and not recorded";
  run.choices["micro_batch"] = "8";
  EXPECT_EQ(conditions_of(run), "4 threads, Xeon, torch 2.1, micro_batch 8");
  run.attempts.push_back(attempt_on("beta", "cuda:0", 1, 2, 2));
  EXPECT_EQ(conditions_of(run),
            "1 thread, GTX, torch 2.1 and 4 threads, Xeon, torch 2.1, micro_batch 8");
  run.attempts[1].first_epoch.reset();
  EXPECT_EQ(conditions_of(run), "4 threads, Xeon, torch 2.1, micro_batch 8")
      << "an attempt that made no epoch";
  run.attempts.front().libraries["oneDNN"] = "3.7";
  EXPECT_NE(conditions_of(run).find("4 threads, Xeon, torch 2.1, oneDNN 3.7"), std::string::npos);
  EXPECT_EQ(conditions_of(sized('a', 10, 1, {9})), "");
}

TEST(NoiseFloor, IsTheSpreadOfSeedsPooledOverSettings) {
  // Variances 2 and 8 of two seeds each.
  const NoiseFloor floor =
      noise_floor_of(golden::data_of({floor_run(10, 1, 3, 2), floor_run(10, 2, 5, 2),
                                      floor_run(30, 1, 2, 2), floor_run(30, 2, 6, 2)},
                                     Better::lower));
  ASSERT_TRUE(floor.seeds);
  EXPECT_DOUBLE_EQ(floor.seeds->deviation, std::sqrt(5.0));
  EXPECT_FALSE(floor.mixed);
  EXPECT_EQ(floor.text(),
            "± 2.2 over seeds (4 runs, 2 settings), all with 2 threads, Xeon, torch 2.1");
}

TEST(NoiseFloor, KeepsConditionsApartFromSeeds) {
  const NoiseFloor floor = noise_floor_of(golden::data_of(
      {floor_run(10, 1, 3, 2), floor_run(10, 2, 5, 2), floor_run(10, 3, 10, 1)}, Better::lower));
  ASSERT_TRUE(floor.seeds && floor.mixed);
  EXPECT_DOUBLE_EQ(floor.seeds->deviation, std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(floor.mixed->deviation, std::sqrt(13.0));
  EXPECT_EQ(floor.text(),
            "± 1.4 over seeds (2 runs, 1 setting) under the same conditions; ± 3.6 over seeds and "
            "conditions together; the conditions differ, which changes bits as a seed does: "
            "1 thread, Xeon, torch 2.1 (1 run); 2 threads, Xeon, torch 2.1 (2 runs)");
}

TEST(NoiseFloor, IsNotKnownOfSingleSeeds) {
  const NoiseFloor floor = noise_floor_of(
      golden::data_of({floor_run(10, 1, 3, 2), floor_run(30, 2, 5, 2)}, Better::lower));
  EXPECT_EQ(floor.text(), "not known: no setting has several seeds");
}

}  // namespace
}  // namespace epochal::report

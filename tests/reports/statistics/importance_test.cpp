// Power laws and importance against numbers made with known ones.

#include "reports/statistics/importance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "reports/statistics/power_law.h"

namespace epochal::report {
namespace {

std::vector<const ReportedRun*> all_of(const ReportData& data) {
  std::vector<const ReportedRun*> runs;
  for (const ReportedRun& run : data.runs) runs.push_back(&run);
  return runs;
}

TEST(PowerLaw, FindsWhatThePointsWereMadeOf) {
  std::vector<std::pair<double, double>> points;
  for (const double x : {100.0, 1000.0, 10000.0}) points.emplace_back(x, 7 * std::pow(x, -0.3));
  const auto exact = fit_power_law(points);
  ASSERT_TRUE(exact);
  EXPECT_NEAR(exact->exponent, -0.3, 1e-12);
  EXPECT_NEAR(exact->factor, 7, 1e-9);
  EXPECT_NEAR(exact->error, 0, 1e-6);
  EXPECT_FALSE(fit_power_law({{1, 1}, {2, 2}})) << "two sizes make no law";
  EXPECT_FALSE(fit_power_law({{1, 1}, {2, -2}, {3, 3}}));
}

TEST(PowerLaw, ItsErrorIsThatOfTheExponent) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 0.1);
  int within = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<std::pair<double, double>> points;
    for (int i = 1; i <= 30; ++i)
      points.emplace_back(i, 2 * std::pow(i, -0.5) * std::exp(noise(random)));
    const auto law = fit_power_law(points);
    within += std::abs(law->exponent + 0.5) < 2 * law->error ? 1 : 0;
  }
  EXPECT_NEAR(within, 0.95 * kTrials, 0.04 * kTrials);
}

TEST(Importance, TellsWhatMattersFromWhatDoesNot) {
  ReportData data;
  data.main_metric = "val.loss";
  data.varying = {"idle", "rate", "word"};
  std::mt19937 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int i = 0; i < 200; ++i) {
    ReportedRun run;
    const double rate = uniform(random);
    const bool is_good = i % 2 == 0;
    run.run.parameters.set("rate", rate);
    run.run.parameters.set("idle", uniform(random));
    run.run.parameters.set("word", std::string(is_good ? "good" : "bad"));
    store::EpochRecord epoch;
    epoch.number = 1;
    run.metrics["val.loss"] = {{1, 3 * rate + (is_good ? 0 : 0.5)}};
    run.epochs = {epoch};
    run.run.epochs = run.run.epochs_done = 1;
    run.run.status = store::RunStatus::finished;
    data.runs.push_back(run);
  }
  const auto found = importance_of(data, all_of(data));
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].parameter, "rate");
  // Variances: 9/12 of the rate, 1/16 of the word.
  EXPECT_NEAR(found[0].share, 0.92, 0.06);
  EXPECT_EQ(found[1].parameter, "word");
  EXPECT_NEAR(found[1].share, 0.077, 0.06);
  EXPECT_LT(found[2].share, 0.04);
  data.runs.resize(5);
  EXPECT_TRUE(importance_of(data, all_of(data)).empty()) << "five runs say nothing";
}

}  // namespace
}  // namespace epochal::report

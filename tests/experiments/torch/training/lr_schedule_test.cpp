#include "experiments/torch/training/lr_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/expect_error.h"

namespace epochal {
namespace {

using nlohmann::json;

json reference() {
  std::ifstream in(EPOCHAL_SOURCE_FOLDER "/tests/experiments/torch/plateau_reference.json");
  return json::parse(in);
}

PlateauOptions options_of(const json& values) {
  PlateauOptions options;
  options.factor = values["factor"];
  options.patience = values["patience"];
  options.cooldown = values["cooldown"];
  options.min_rate = values["min_rate"];
  return options;
}

TEST(PlateauSchedule, AgreesWithPyTorchEpochByEpoch) {
  const json values = reference();
  ASSERT_GE(values["cases"].size(), 5u);
  for (const json& one : values["cases"]) {
    const auto schedule = plateau_schedule(5e-4, options_of(one));
    for (std::size_t i = 0; i < values["losses"].size(); ++i) {
      schedule->after_epoch(std::stod(values["losses"][i].get<std::string>()));
      EXPECT_DOUBLE_EQ(schedule->rate(), one["rates"][i].get<double>())
          << "epoch " << i << " of " << one.dump();
    }
  }
}

TEST(PlateauSchedule, GoesOnFromItsState) {
  const json values = reference();
  for (const json& one : values["cases"]) {
    auto schedule = plateau_schedule(5e-4, options_of(one));
    for (std::size_t i = 0; i < values["losses"].size(); ++i) {
      const json state = json::parse(schedule->state().dump());
      schedule = plateau_schedule(5e-4, options_of(one));
      schedule->restore(state);
      schedule->after_epoch(std::stod(values["losses"][i].get<std::string>()));
      EXPECT_EQ(schedule->rate(), one["rates"][i].get<double>());
    }
  }
}

TEST(PlateauSchedule, RefusesADamagedState) {
  const auto schedule = plateau_schedule(1, {});
  test::expect_error("damaged", [&] { schedule->restore(json::parse("[1]")); });
  test::expect_error("damaged", [&] { schedule->restore(json::parse("{\"rate\": \"x\"}")); });
}

TEST(ConstantSchedule, StaysTheSame) {
  const auto schedule = constant_schedule(0.1);
  schedule->after_step();
  schedule->after_epoch(5);
  EXPECT_EQ(schedule->rate(), 0.1);
}

TEST(ExponentialSchedule, FallsEachEpoch) {
  const auto schedule = exponential_schedule(1, 0.5);
  schedule->after_step();
  EXPECT_EQ(schedule->rate(), 1);
  schedule->after_epoch(0);
  schedule->after_epoch(0);
  EXPECT_EQ(schedule->rate(), 0.25);
}

TEST(InverseTimeSchedule, FallsEachStep) {
  const auto schedule = inverse_time_schedule(1, 0.5);
  for (int i = 0; i < 4; ++i) schedule->after_step();
  EXPECT_DOUBLE_EQ(schedule->rate(), 1.0 / 3);
  const auto resumed = inverse_time_schedule(1, 0.5);
  resumed->restore(schedule->state());
  EXPECT_EQ(resumed->rate(), schedule->rate());
}

}  // namespace
}  // namespace epochal

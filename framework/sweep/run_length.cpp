// Steps and images -> epochs, of which the last may be short.

#include "framework/sweep/run_length.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "framework/base/error.h"
#include "framework/sweep/toml_reading.h"

namespace epochal {
namespace {

constexpr std::array<std::string_view, 3> kLengthKeys{"epochs", "steps", "images"};

std::int64_t rounded_up(std::int64_t amount, std::int64_t part) {
  return amount / part + (amount % part == 0 ? 0 : 1);
}

EpochSize epoch_size(std::string_view key, const std::string& where,
                     const ExperimentInfo& experiment, const Parameters& parameters) {
  if (experiment.epoch_size) return experiment.epoch_size(parameters);
  throw Error(fmt::format("{} needs to know how long an epoch is, but the experiment '{}' does not "
                          "say it",
                          key, experiment.name),
              where, "use epochs");
}

Epoch checked_epochs(std::string_view key, std::int64_t amount, std::int64_t epochs,
                     const std::string& where) {
  if (epochs >= 1 && epochs <= toml_reading::kMostEpochs) return static_cast<Epoch>(epochs);
  throw Error(key == "epochs" ? fmt::format("epochs = {} is out of range", amount)
                              : fmt::format("{} = {} takes {} epochs", key, amount, epochs),
              where, fmt::format("choose a value from 1 to {} epochs", toml_reading::kMostEpochs));
}

}  // namespace

bool is_length_key(std::string_view name) {
  return std::find(kLengthKeys.begin(), kLengthKeys.end(), name) != kLengthKeys.end();
}

RunLength run_length(std::string_view key, std::int64_t amount, const std::string& where,
                     const ExperimentInfo& experiment, const Parameters& parameters) {
  if (amount < 1) {
    throw Error(fmt::format("{} = {} is out of range", key, amount), where, "choose at least 1");
  }
  if (key == "epochs") return {checked_epochs(key, amount, amount, where), std::nullopt};
  const EpochSize size = epoch_size(key, where, experiment, parameters);
  const std::int64_t whole = rounded_up(size.samples, size.batch_size);
  std::int64_t steps = amount;
  if (key == "images") {
    steps = amount / size.samples * whole + rounded_up(amount % size.samples, size.batch_size);
  }
  RunLength length;
  length.epochs = checked_epochs(key, amount, rounded_up(steps, whole), where);
  if (steps % whole != 0) length.steps = steps;
  return length;
}

Parameters recorded_length(const RunLength& length, const ExperimentInfo& experiment,
                           const std::string& where) {
  Parameters recorded;
  recorded.set("epochs", std::int64_t{length.epochs});
  if (length.steps) recorded.set("steps", *length.steps);
  for (const auto& [name, value] : recorded.all()) {
    if (experiment.schema.find(name) == nullptr) continue;
    throw Error(fmt::format("the experiment '{}' has a parameter of its own called {}, so its runs "
                            "cannot differ in their length",
                            experiment.name, name),
                where, "give all runs the same number of epochs");
  }
  return recorded;
}

Parameters recorded_length(const Schema& schema, const Parameters& recorded) {
  Parameters length;
  for (const char* name : {"epochs", "steps"}) {
    const ParameterValue* value = recorded.find(name);
    if (value != nullptr && schema.find(name) == nullptr) length.set(name, *value);
  }
  return length;
}

std::optional<std::int64_t> recorded_steps(const Schema& schema, const Parameters& recorded) {
  const Parameters length = recorded_length(schema, recorded);
  const ParameterValue* steps = length.find("steps");
  const auto* number = steps == nullptr ? nullptr : std::get_if<std::int64_t>(steps);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace epochal

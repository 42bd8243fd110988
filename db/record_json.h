#pragma once

// Rows of the store as JSON, for exports and for `epochal ui`.

#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "db/records.h"

namespace epochal::store {

using RecordJson = nlohmann::ordered_json;

/// NaN and infinity become texts, since JSON does not have them.
RecordJson number_json(double value);

RecordJson parameter_json(const ParameterValue& value);

/// By name.
RecordJson parameters_json(const Parameters& parameters);

/// The machine and the program of an attempt, and how it ended.
RecordJson attempt_json(const AttemptRecord& attempt);

/// An epoch without its metrics.
RecordJson epoch_json(const EpochRecord& epoch);

RecordJson utilisation_json(const Utilisation& point);

/// Unknown values are absent.
template <typename T>
void put_known(RecordJson& object, const char* name, const std::optional<T>& value) {
  if (!value) return;
  if constexpr (std::is_same_v<T, double>) {
    object[name] = number_json(*value);
  } else {
    object[name] = *value;
  }
}

}  // namespace epochal::store

#pragma once

// Rows of the store as JSON, for exports and for `epochal ui`.

#include <nlohmann/json.hpp>
#include <optional>

#include "db/records.h"

namespace epochal {

using RecordJson = nlohmann::ordered_json;

/// JSON has no NaN and no infinity: they are texts.
RecordJson number_json(double value);

RecordJson parameter_json(const ParameterValue& value);

/// By name.
RecordJson parameters_json(const Parameters& parameters);

/// Where and with what an attempt ran, and how it ended.
RecordJson attempt_json(const AttemptRecord& attempt);

RecordJson utilisation_json(const UtilisationPoint& point);

/// What is not known is absent.
template <typename T>
void put_known(RecordJson& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

}  // namespace epochal

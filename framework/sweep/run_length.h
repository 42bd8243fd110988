#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "framework/plugin/experiment.h"

namespace epochal {

/// The keys of a sweep that say how long its runs are: "epochs", "steps" or "images".
bool is_length_key(std::string_view name);

/// How long a run is.
struct RunLength {
  Epoch epochs = 1;
  /// The steps after which it ends in the middle of its last epoch; none if it ends with the epoch.
  std::optional<std::int64_t> steps;
};

/// The length of a run that takes so many of `key`, at least 1: as many epochs as it needs to make
/// these steps or to see these images. Throws Error with `where` for a number out of range, and if
/// the experiment does not say how long its epochs are.
RunLength run_length(std::string_view key, std::int64_t amount, const std::string& where,
                     const ExperimentInfo& experiment, const Parameters& parameters);

/// A length that is part of a run's identity, as its record has it among the parameters: "epochs",
/// and "steps" if the last epoch is short. Throws Error with `where` if the experiment has a
/// parameter of such a name.
Parameters recorded_length(const RunLength& length, const ExperimentInfo& experiment,
                           const std::string& where);

/// What a record has of it: parameters of these names that the experiment does not declare.
Parameters recorded_length(const Schema& schema, const Parameters& recorded);

/// The steps after which a run with this record ends, in the middle of its last epoch.
std::optional<std::int64_t> recorded_steps(const Schema& schema, const Parameters& recorded);

}  // namespace epochal

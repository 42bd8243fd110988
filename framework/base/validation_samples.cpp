// What a store accepts as the values of a validation by sample.

#include "framework/base/validation_samples.h"

#include <fmt/format.h>

#include "framework/base/error.h"

namespace epochal {

void check(const ValidationSamples& samples) {
  if (samples.empty()) return;
  if (samples.set.empty()) {
    throw Error("the experiment gives values by sample, but no fingerprint of the validation set");
  }
  const std::size_t count = samples.values.begin()->second.size();
  for (const auto& [metric, values] : samples.values) {
    if (values.size() != count) {
      throw Error(fmt::format("the experiment gives {} values by sample for '{}', but {} for '{}'",
                              values.size(), metric, count, samples.values.begin()->first));
    }
  }
  if (count == 0 || count > ValidationSamples::kMost) {
    throw Error(fmt::format("the experiment gives {} values by sample for each metric", count), {},
                fmt::format("give 1 to {}", ValidationSamples::kMost));
  }
}

}  // namespace epochal

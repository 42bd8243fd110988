#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace epochal {

/// Metrics of an epoch for each sample of the validation set, in the set's order.
struct ValidationSamples {
  /// The most values that a metric may have.
  static constexpr std::size_t kMost = 1'000'000;

  /// Identifies the samples and their order. Runs can be compared sample by sample only if their
  /// fingerprints are equal.
  std::string set;
  std::map<std::string, std::vector<double>> values;  ///< by metric

  bool empty() const { return values.empty(); }
};

/// Throws Error for values without a fingerprint, for too many or none of them, and for metrics
/// with unequal numbers of values.
void check(const ValidationSamples& samples);

}  // namespace epochal

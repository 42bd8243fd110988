#pragma once

#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// Compares an epoch of a run with the same epoch of another.
struct EpochComparison {
  Epoch number = 0;
  bool is_equal = false;        ///< whether every metric that both measured is bit-identical
  std::string furthest_metric;  ///< the metric with the largest relative difference
  double original = 0;
  double again = 0;
  double relative_distance = 0;  ///< |original - again| / max(|original|, |again|)
  /// The metrics that only one of the runs measured after this epoch, and both after others.
  std::vector<std::string> measured_once;
};

/// The common epochs. A metric that only one run ever measured makes the epoch unequal, with an
/// infinite distance.
std::vector<EpochComparison> compare_epochs(const std::vector<store::EpochRecord>& original,
                                            const std::vector<store::EpochRecord>& again);

/// The files of the last common checkpoint of both runs, by whether their contents are equal.
struct CheckpointComparison {
  std::optional<Epoch> epoch;  ///< none if they have no checkpoint in common
  std::vector<std::string> equal;
  std::vector<std::string> different;
};
CheckpointComparison compare_checkpoints(const std::vector<store::ArtifactRecord>& original,
                                         const std::vector<store::ArtifactRecord>& again);

/// The differences between machines and programs of two runs, a line each: "CPU: A, then B".
std::vector<std::string> environment_differences(const store::RunRecord& original,
                                                 const store::AttemptRecord& original_attempt,
                                                 const store::RunRecord& again,
                                                 const store::AttemptRecord& attempt_again);

}  // namespace epochal

#pragma once

#include <string>
#include <vector>

#include "db/query.h"

namespace epochal {

/// How one epoch of a run compares with the same epoch of another.
struct EpochComparison {
  Epoch number = 0;
  bool is_equal = false;        ///< every metric of both, to the bit
  std::string furthest_metric;  ///< where they differ most, relative to their size
  double original = 0;
  double again = 0;
  double relative_distance = 0;  ///< |original - again| / max(|original|, |again|)
};

/// The epochs that both have. A metric that only one of them has makes the epoch unequal and is
/// infinitely far.
std::vector<EpochComparison> compare_epochs(const std::vector<EpochRecord>& original,
                                            const std::vector<EpochRecord>& again);

/// Checkpoint files of both runs' last common checkpoint, by whether their contents are the same.
struct CheckpointComparison {
  std::optional<Epoch> epoch;  ///< none if they have no checkpoint in common
  std::vector<std::string> equal;
  std::vector<std::string> different;
};
CheckpointComparison compare_checkpoints(const std::vector<ArtifactRecord>& original,
                                         const std::vector<ArtifactRecord>& again);

/// What differs between the machines and programs of two runs, one line each: "CPU: A, then B".
std::vector<std::string> environment_differences(const RunRecord& original,
                                                 const AttemptRecord& original_attempt,
                                                 const RunRecord& again,
                                                 const AttemptRecord& attempt_again);

}  // namespace epochal

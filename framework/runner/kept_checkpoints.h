#pragma once

#include <optional>
#include <set>
#include <vector>

#include "db/records.h"
#include "framework/base/metric.h"
#include "framework/sweep/keep_checkpoints.h"

namespace epochal {

/// Which epochs of a run have a checkpoint, and which of them the policy removes.
class KeptCheckpoints {
 public:
  /// For a run with these epochs and artifacts. `objective` decides which epoch is the best;
  /// without a direction none is.
  KeptCheckpoints(KeepCheckpoints policy, MetricSpec objective,
                  const std::vector<store::EpochRecord>& epochs,
                  const std::vector<store::ArtifactRecord>& artifacts);

  /// Adds a new last epoch, which has a checkpoint, and returns the epochs whose checkpoints are to
  /// be removed. Not called for an epoch without a checkpoint.
  std::vector<Epoch> after(Epoch epoch, const Metrics& metrics);

 private:
  void note(Epoch epoch, const Metrics& metrics);

  KeepCheckpoints policy_;
  MetricSpec objective_;
  std::set<Epoch> kept_;
  std::optional<Epoch> best_;
  double best_height_ = 0;  ///< of its objective, turned so that lower is better
};

}  // namespace epochal

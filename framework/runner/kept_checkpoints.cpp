// Decides which old checkpoints to remove.

#include "framework/runner/kept_checkpoints.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace epochal {

KeptCheckpoints::KeptCheckpoints(KeepCheckpoints policy, MetricSpec objective,
                                 const std::vector<store::EpochRecord>& epochs,
                                 const std::vector<store::ArtifactRecord>& artifacts)
    : policy_(policy), objective_(std::move(objective)) {
  for (const store::ArtifactRecord& artifact : artifacts) {
    if (artifact.kind == store::ArtifactRecord::Kind::checkpoint)
      kept_.insert(artifact.epoch.value_or(0));
  }
  // An epoch without a checkpoint cannot be resumed from, however good it is.
  for (const store::EpochRecord& epoch : epochs) {
    if (kept_.contains(epoch.number)) note(epoch.number, epoch.metrics);
  }
}

void KeptCheckpoints::note(Epoch epoch, const Metrics& metrics) {
  const auto value = metrics.find(objective_.name);
  if (!objective_.better || value == metrics.end() || !std::isfinite(value->second)) return;
  const double height = *objective_.better == Better::lower ? value->second : -value->second;
  if (best_ && height >= best_height_) return;
  best_ = epoch;
  best_height_ = height;
}

std::vector<Epoch> KeptCheckpoints::after(Epoch epoch, const Metrics& metrics) {
  note(epoch, metrics);
  kept_.insert(epoch);
  if (policy_ == KeepCheckpoints::all) return {};

  // The checkpoint before the last stays until the next one is safe, in case the last is damaged.
  std::set<Epoch> wanted{epoch};
  if (const auto last = kept_.find(epoch); last != kept_.begin()) wanted.insert(*std::prev(last));
  if (policy_ == KeepCheckpoints::last_and_best && best_) wanted.insert(*best_);
  std::vector<Epoch> dropped;
  std::ranges::set_difference(kept_, wanted, std::back_inserter(dropped));
  for (const Epoch gone : dropped) kept_.erase(gone);
  return dropped;
}

}  // namespace epochal

#pragma once

#include <set>
#include <string>
#include <vector>

#include "experiments/torch/images/cached_images.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// Keeps account of the images that a run leaves out because they cannot be read: each is named in
/// the log at once and in the run's record once an epoch; too many stop the run.
class LeftOutImages {
 public:
  /// Watches the parts of one source. `most` is the share of all its images that may be left out.
  LeftOutImages(std::vector<const CachedImages*> parts, double most)
      : parts_(std::move(parts)), most_(most) {}

  /// Call after every batch. Throws Error, with a list, if there are too many.
  void check(const RunContext& context);

  /// Call after every epoch.
  void record(const RunContext& context);

 private:
  std::vector<const CachedImages*> parts_;
  double most_;
  std::set<std::string> known_;
  std::vector<std::string> unrecorded_;
};

}  // namespace epochal

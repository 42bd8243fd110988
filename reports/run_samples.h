#pragma once

#include <vector>

#include "db/records.h"

namespace epochal::report {

/// The samples of a run: the newest of each name, and the earlier ones. They point into the given
/// list.
struct RunSamples {
  std::vector<const store::ArtifactRecord*> newest;
  std::vector<const store::ArtifactRecord*> earlier;
};

/// Splits a run's samples, which are ordered by epoch; each part keeps the order.
RunSamples parted(const std::vector<store::ArtifactRecord>& samples);

}  // namespace epochal::report

#pragma once

#include <vector>

#include "db/records.h"

namespace epochal {

/// The samples of a run: the newest of each name, and those before. They point into what was
/// parted.
struct RunSamples {
  std::vector<const ArtifactRecord*> newest;
  std::vector<const ArtifactRecord*> earlier;
};

/// Parts a run's samples, which come by epoch; each part keeps their order.
RunSamples parted(const std::vector<ArtifactRecord>& samples);

}  // namespace epochal

// A run may record several samples in an epoch, each in other epochs.

#include "reports/run_samples.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "framework/base/content.h"

namespace epochal::report {

RunSamples parted(const std::vector<store::ArtifactRecord>& samples) {
  RunSamples parts;
  std::set<std::pair<std::string, std::string>> seen;  // names, and what kinds of file
  for (auto sample = samples.rbegin(); sample != samples.rend(); ++sample) {
    const bool is_newest = seen.emplace(sample->name, ending_of(sample->path)).second;
    (is_newest ? parts.newest : parts.earlier).push_back(&*sample);
  }
  std::reverse(parts.newest.begin(), parts.newest.end());
  std::reverse(parts.earlier.begin(), parts.earlier.end());
  return parts;
}

}  // namespace epochal::report

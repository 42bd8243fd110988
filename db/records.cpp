// Small functions of the row types.

#include "db/records.h"

#include <chrono>
#include <stdexcept>

namespace epochal::store {

std::optional<std::int64_t> steps_of(const std::vector<EpochRecord>& epochs, Epoch last) {
  std::optional<std::int64_t> sum;
  for (const EpochRecord& epoch : epochs) {
    if (epoch.number > last) continue;
    if (!epoch.steps) return std::nullopt;
    sum = sum.value_or(0) + *epoch.steps;
  }
  return sum;
}

std::string_view name_of(ArtifactRecord::Kind kind) {
  switch (kind) {
    case ArtifactRecord::Kind::checkpoint:
      return "checkpoint";
    case ArtifactRecord::Kind::sample:
      return "sample";
    case ArtifactRecord::Kind::log:
      return "log";
    case ArtifactRecord::Kind::diff:
      return "diff";
  }
  throw std::logic_error("unknown artifact kind");
}

}  // namespace epochal::store

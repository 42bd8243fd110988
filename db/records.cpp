// Small functions of the row types.

#include "db/records.h"

#include <chrono>
#include <stdexcept>

namespace epochal {

Timestamp now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since_1970).count();
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

}  // namespace epochal

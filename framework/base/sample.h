#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace epochal {

/// A picture to keep with an epoch.
struct Sample {
  std::string name;     ///< file name without extension: "grid"
  std::string caption;  ///< what it shows, for readers who cannot see it
  std::vector<std::byte> png;
};

}  // namespace epochal

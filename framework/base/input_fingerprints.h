#pragma once

#include <string>

namespace epochal {

/// What the inputs of a run are, apart from where they lie.
struct InputFingerprints {
  std::string data;     ///< hash of the data, empty if there is none
  std::string weights;  ///< hash of pretrained weights, empty if there are none
};

}  // namespace epochal

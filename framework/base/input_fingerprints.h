#pragma once

#include <string>

namespace epochal {

/// The contents of a run's inputs, independent of their location.
struct InputFingerprints {
  std::string data;     ///< hash of the data, empty if there is none
  std::string weights;  ///< hash of pretrained weights, empty if there are none
};

}  // namespace epochal

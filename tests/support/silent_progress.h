#pragma once

#include <cstdint>

#include "framework/plugin/experiment.h"

namespace epochal::test {

/// A Progress that nobody looks at.
class SilentProgress : public Progress {
 public:
  void advance(std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

}  // namespace epochal::test

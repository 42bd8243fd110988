#pragma once

#include <memory>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// Checks folders, sizes and weights before a run is started.
std::unique_ptr<InputInspector> make_inspector();

}  // namespace epochal::adain

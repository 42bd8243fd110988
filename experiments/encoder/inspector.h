#pragma once

#include <memory>

#include "framework/plugin/experiment.h"

namespace epochal::encoder {

/// Looks at the teacher's weights and the images.
std::unique_ptr<InputInspector> make_inspector();

}  // namespace epochal::encoder

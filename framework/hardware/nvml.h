#pragma once

#include <optional>

#include "framework/hardware/host.h"

namespace epochal {

/// The first GPU that NVIDIA's management library reports; none without the library or a GPU.
std::optional<Gpu> probe_gpu();

}  // namespace epochal

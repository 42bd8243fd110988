#pragma once

#include <optional>

#include "framework/hardware/host.h"

namespace epochal {

/// The first GPU that NVIDIA's management library reports; none without the library or a GPU.
std::optional<Gpu> probe_gpu();

/// How many GPUs it reports; 0 without the library.
int nvml_gpu_count();

}  // namespace epochal

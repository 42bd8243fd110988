#pragma once

// Parameters that every training here has, and that change no result.

#include "framework/plugin/parameter.h"

namespace epochal {

/// "auto", "cpu" or "cuda", for choose_device().
inline auto device_parameter() {
  return text_parameter("device", "auto", "where to compute")
      .one_of({"auto", "cpu", "cuda"})
      .as(ParameterRole::resource);
}

/// For BatchPlan.
inline auto loader_threads_parameter() {
  return integer_parameter("loader_threads", 1, "threads that prepare batches ahead")
      .between(1, 64)
      .as(ParameterRole::resource);
}

}  // namespace epochal

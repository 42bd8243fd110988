#pragma once

// Parameters that say how a training here computes.

#include <algorithm>

#include "experiments/torch/images/batch_queue.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// "auto", "cpu" or "cuda", for set_up_device().
inline auto device_parameter() {
  return text_parameter("device", "auto", "where to compute")
      .one_of({"auto", "cpu", "cuda"})
      .as(ParameterRole::resource);
}

/// For choose_precision(). It changes results, so that it is part of what a run is.
inline auto precision_parameter() {
  return text_parameter("precision", "float32",
                        "what to multiply in; auto: the one in which the hardware is faster")
      .one_of({"auto", "float32", "bfloat16"});
}

/// Read it with loader_threads().
inline auto loader_threads_parameter() {
  return integer_parameter("loader_threads", 0,
                           "threads that prepare batches ahead; auto: as many as training waits "
                           "for")
      .between(0, 64)
      .or_auto()
      .as(ParameterRole::resource);
}

inline LoaderThreads loader_threads(const RunContext& context) {
  const int asked = static_cast<int>(context.parameters.integer("loader_threads"));
  if (asked > 0) return {asked, asked};
  return {1, std::max(1, context.threads)};
}

}  // namespace epochal

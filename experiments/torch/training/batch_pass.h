#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include "experiments/torch/images/batch_queue.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// How a pass over the training data is cut into batches; the last one may be smaller.
struct BatchPlan {
  std::int64_t samples = 0;
  std::int64_t batch_size = 1;
  LoaderThreads loader_threads;
  std::int64_t most_steps = std::numeric_limits<std::int64_t>::max();  ///< the pass ends after them

  std::int64_t steps() const {
    return std::min(most_steps, (samples + batch_size - 1) / batch_size);
  }
};

/// The steps that an epoch makes if a run of epochs of `whole` steps ends after `all` steps.
inline std::int64_t steps_of_epoch(std::optional<std::int64_t> all, Epoch epoch,
                                   std::int64_t whole) {
  return all ? std::clamp<std::int64_t>(*all - (epoch - 1) * whole, 1, whole) : whole;
}

/// One pass: `make(first, count)` makes the batch of these samples in a background thread, and
/// `step(batch)` trains on it, batch after batch, and returns how many samples it held. Progress is
/// reported after each. The result has samples, steps and the time spent waiting for data; metrics
/// and learning rate are the caller's.
template <typename Make, typename Step>
TrainingPass pass_over(const BatchPlan& plan, Progress& progress, const Make& make,
                       const Step& step) {
  using Batch = std::invoke_result_t<Make, std::int64_t, std::int64_t>;
  using Clock = std::chrono::steady_clock;
  const auto count_from = [&](std::int64_t first) {
    return std::min(plan.batch_size, plan.samples - first);
  };
  const std::int64_t seen = std::min(plan.samples, plan.steps() * plan.batch_size);
  BatchQueue<Batch> queue(plan.steps(), plan.loader_threads, [&](std::int64_t batch) {
    const std::int64_t first = batch * plan.batch_size;
    return make(first, count_from(first));
  });

  TrainingPass pass;
  std::int64_t steps = 0;
  for (std::int64_t first = 0; first < seen; first += plan.batch_size) {
    const Clock::time_point asked = Clock::now();
    const Batch batch = queue.next();
    pass.waiting_for_data += Clock::now() - asked;
    const std::int64_t samples = step(batch);
    pass.samples += samples;
    steps += samples > 0 ? 1 : 0;  // of damaged images alone no step is made
    progress.advance(first + count_from(first), seen);
  }
  pass.steps = steps;
  return pass;
}

}  // namespace epochal

#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "framework/plugin/experiment.h"

namespace epochal {

/// The time and memory of a run's parts on this machine, measured on a few steps.
struct RunCosts {
  Seconds prepare{0};
  Seconds first_epoch{0};       ///< training, validation and checkpoint, with uncached data
  Seconds later_epoch{0};       ///< training and checkpoint with cached data
  Seconds later_validation{0};  ///< with cached data, spread over the epochs
  Seconds samples_an_epoch{0};  ///< sample pictures, spread over the epochs
  Bytes peak_memory = 0;
  std::optional<Bytes> peak_device_memory;  ///< of its GPU, by all processes
  std::string device;

  Seconds of(Epoch epochs) const;
};

/// Sets the functions of a run's context that measure memory of the host and the GPU.
void add_memory_measures(RunContext& context);

/// Trains for a few seconds, validates, draws samples and saves a checkpoint, and discards all of
/// it. `scratch`: an existing folder on the store's disk for the checkpoint. Passes on whatever the
/// experiment throws.
RunCosts measure_run_costs(const ExperimentInfo& experiment, const RunContext& context,
                           const std::filesystem::path& scratch);

}  // namespace epochal

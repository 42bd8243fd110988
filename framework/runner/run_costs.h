#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "framework/plugin/experiment.h"

namespace epochal {

/// What the parts of a run cost on this machine, measured on a few steps of it.
struct RunCosts {
  Seconds prepare{0};
  Seconds first_epoch{0};  ///< training, validation and checkpoint, data seen for the first time
  Seconds later_epoch{0};  ///< the same when the data have been seen
  Seconds samples_an_epoch{0};  ///< sample pictures, spread over the epochs
  Bytes peak_memory = 0;
  std::optional<Bytes> peak_device_memory;  ///< that was taken of the GPU it ran on, by whomever
  std::string device;

  Seconds of(Epoch epochs) const;
};

/// Trains for a few seconds, validates, draws and saves what it would, and throws all of it away.
/// `scratch` is an existing folder on the store's disk for a checkpoint that is written and
/// removed. Whatever the experiment throws passes through.
RunCosts measure_run_costs(const ExperimentInfo& experiment, const RunContext& context,
                           const std::filesystem::path& scratch);

}  // namespace epochal

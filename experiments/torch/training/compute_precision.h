#pragma once

#include <string>

#include "experiments/torch/torch_headers.h"
#include "experiments/torch/training/precision.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// "float32", "bfloat16", or "auto": the one in which the device is faster. `chained_channels` are
/// those of the widest convolution of the chains that train; 0 where LibTorch's operators do.
Precision choose_precision(const std::string& name, const torch::Device& device,
                           std::int64_t chained_channels);

/// The precision that a run's parameter `precision` asks for, as choose_precision() says. What
/// `auto` comes to is recorded with the run, and a run that goes on keeps it, whatever its new
/// device is good at.
Precision precision_of(const RunContext& run, const torch::Device& device,
                       std::int64_t chained_channels);

/// While it lives, LibTorch's operators on the device compute in the precision (autocast).
class AutocastScope {
 public:
  AutocastScope(const torch::Device& device, Precision precision);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  bool is_on_;
  torch::DeviceType device_;
};

}  // namespace epochal

#pragma once

#include <string>

#include "experiments/torch/precision.h"
#include "experiments/torch/torch_headers.h"

namespace epochal {

/// A precision and why it was taken.
struct ChosenPrecision {
  Precision precision = Precision::float32;
  std::string reason;
};

/// "float32", "bfloat16", or "auto": bfloat16 where the device multiplies it natively.
ChosenPrecision choose_precision(const std::string& name, const torch::Device& device);

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

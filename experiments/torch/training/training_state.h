#pragma once

// What a training needs to go on exactly, as named tensors.

#include "experiments/torch/weights/safetensors.h"

namespace epochal {

/// The state of an Adam optimiser as tensors named "exp_avg.NAME", "exp_avg_sq.NAME", "step.NAME",
/// for the parameters of `names`, which are those of its only group, in order.
NamedTensors adam_state(const torch::optim::Adam& adam, const std::vector<std::string>& names);

/// Takes up such a state. Throws Error if a tensor is missing or of another shape.
void restore_adam_state(torch::optim::Adam& adam, const std::vector<std::string>& names,
                        const NamedTensors& state);

/// Copies the tensors into the parameters and buffers of the same names. Throws Error, naming them,
/// if one is missing or of another shape.
void copy_weights(const NamedTensors& weights, torch::nn::Module& module);

/// A module's parameters and buffers by name: the tensors themselves, not copies.
NamedTensors weights_of(const torch::nn::Module& module);

}  // namespace epochal

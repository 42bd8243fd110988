// Weights and optimiser state in and out of named tensors.

#include "experiments/torch/training/training_state.h"

#include <fmt/format.h>

#include "framework/base/error.h"

namespace epochal {
namespace {

/// LibTorch 1.13 finds a parameter's state by its address as text, 2.x by the address itself.
auto state_key(const torch::Tensor& parameter) {
#if TORCH_VERSION_MAJOR >= 2
  return static_cast<void*>(parameter.unsafeGetTensorImpl());
#else
  return c10::guts::to_string(parameter.unsafeGetTensorImpl());
#endif
}

const torch::Tensor& tensor_like(const NamedTensors& tensors, const std::string& name,
                                 const torch::Tensor& like) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw Error(fmt::format("tensor '{}' is missing", name));
  const bool fits =
      found->second.sizes() == like.sizes() && found->second.scalar_type() == like.scalar_type();
  if (!fits) throw Error(fmt::format("tensor '{}' has another shape or type", name));
  return found->second;
}

}  // namespace

NamedTensors adam_state(const torch::optim::Adam& adam, const std::vector<std::string>& names) {
  NamedTensors tensors;
  const auto& parameters = adam.param_groups().front().params();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = adam.state().find(state_key(parameters.at(i)));
    if (found == adam.state().end()) continue;  // no step has been taken yet
    const auto& state = static_cast<const torch::optim::AdamParamState&>(*found->second);
    tensors["exp_avg." + names[i]] = state.exp_avg();
    tensors["exp_avg_sq." + names[i]] = state.exp_avg_sq();
    tensors["step." + names[i]] = torch::tensor({state.step()}, torch::kInt64);
  }
  return tensors;
}

void restore_adam_state(torch::optim::Adam& adam, const std::vector<std::string>& names,
                        const NamedTensors& state) {
  adam.state().clear();
  if (state.empty()) return;
  const auto& parameters = adam.param_groups().front().params();
  for (std::size_t i = 0; i < names.size(); ++i) {
    const torch::Tensor& parameter = parameters.at(i);
    auto restored = std::make_unique<torch::optim::AdamParamState>();
    const auto on_device = [&](const std::string& prefix) {
      return tensor_like(state, prefix + names[i], parameter).to(parameter.device()).clone();
    };
    restored->exp_avg(on_device("exp_avg."));
    restored->exp_avg_sq(on_device("exp_avg_sq."));
    const torch::Tensor one = torch::zeros({1}, torch::kInt64);
    restored->step(tensor_like(state, "step." + names[i], one).item<std::int64_t>());
    adam.state()[state_key(parameter)] = std::move(restored);
  }
}

NamedTensors weights_of(const torch::nn::Module& module) {
  NamedTensors tensors;
  for (const auto& parameter : module.named_parameters()) {
    tensors[parameter.key()] = parameter.value();
  }
  for (const auto& buffer : module.named_buffers()) tensors[buffer.key()] = buffer.value();
  return tensors;
}

void copy_weights(const NamedTensors& weights, torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for (auto& parameter : module.named_parameters()) {
    parameter.value().copy_(tensor_like(weights, parameter.key(), parameter.value()));
  }
  for (auto& buffer : module.named_buffers()) {
    buffer.value().copy_(tensor_like(weights, buffer.key(), buffer.value()));
  }
}

}  // namespace epochal

// Adam and its learning rate as one thing that is stepped, saved and restored.

#include "experiments/torch/training/scheduled_adam.h"

#include <fstream>

#include "experiments/torch/training/training_state.h"
#include "framework/base/disk_full.h"

namespace epochal {
namespace fs = std::filesystem;
namespace {

constexpr char kOptimizerFile[] = "optimizer.safetensors";
constexpr char kScheduleFile[] = "schedule.json";

template <typename Project>
auto trained(const torch::nn::Module& network, const Project& project) {
  std::vector<decltype(project(network.named_parameters()[0]))> found;
  for (const auto& parameter : network.named_parameters()) {
    if (parameter.value().requires_grad()) found.push_back(project(parameter));
  }
  return found;
}

}  // namespace

ScheduledAdam::ScheduledAdam(const torch::nn::Module& network,
                             std::unique_ptr<LearningRateSchedule> schedule)
    : names_(trained(network, [](const auto& parameter) { return parameter.key(); })),
      schedule_(std::move(schedule)),
      adam_(trained(network, [](const auto& parameter) { return parameter.value(); }),
            torch::optim::AdamOptions(schedule_->rate())) {}

void ScheduledAdam::step() {
  for (auto& group : adam_.param_groups()) {
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(schedule_->rate());
  }
  adam_.step();
  adam_.zero_grad();
  schedule_->after_step();
}

ScheduledAdam::State ScheduledAdam::state() const {
  State state{adam_state(adam_, names_), schedule_->state()};
  for (auto& [name, tensor] : state.tensors) tensor = tensor.clone();
  return state;
}

void ScheduledAdam::restore(const State& state) {
  restore_adam_state(adam_, names_, state.tensors);
  schedule_->restore(state.schedule);
}

void ScheduledAdam::save(const fs::path& dir) const {
  write_safetensors(dir / kOptimizerFile, adam_state(adam_, names_));
  write_file(dir / kScheduleFile, schedule_->state().dump());
}

void ScheduledAdam::restore(const fs::path& dir) {
  std::ifstream in(dir / kScheduleFile);
  restore(State{read_safetensors(dir / kOptimizerFile), nlohmann::json::parse(in, nullptr, false)});
}

}  // namespace epochal

#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/torch/torch_headers.h"
#include "experiments/torch/training/lr_schedule.h"
#include "experiments/torch/weights/safetensors.h"

namespace epochal {

/// Adam (Kingma & Ba 2015) over all parameters of a network that want a gradient, at the rate of a
/// schedule; with what an exact resume needs of both.
class ScheduledAdam {
 public:
  ScheduledAdam(const torch::nn::Module& network, std::unique_ptr<LearningRateSchedule> schedule);

  /// The rate of the next step.
  double rate() const { return schedule_->rate(); }

  /// One step down the gradients that have been accumulated, which are zero afterwards.
  void step();

  /// After every epoch, with its mean training loss.
  void after_epoch(double training_loss) { schedule_->after_epoch(training_loss); }

  /// All that an exact resume needs. The tensors are copies.
  struct State {
    NamedTensors tensors;
    nlohmann::json schedule;
  };
  State state() const;
  void restore(const State& state);

  /// Writes optimizer.safetensors and schedule.json into `dir`. Throws Error.
  void save(const std::filesystem::path& dir) const;

  /// Takes up what save() wrote. Throws Error if it is not that, or of another network.
  void restore(const std::filesystem::path& dir);

 private:
  std::vector<std::string> names_;
  std::unique_ptr<LearningRateSchedule> schedule_;
  torch::optim::Adam adam_;
};

}  // namespace epochal

#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>

namespace epochal {

/// How the learning rate changes over a training.
class LearningRateSchedule {
 public:
  virtual ~LearningRateSchedule() = default;

  /// The rate for the next step.
  virtual double rate() const = 0;

  /// After every optimiser step.
  virtual void after_step() {}

  /// After every epoch, with the mean training loss of the epoch.
  virtual void after_epoch(double /*training_loss*/) {}

  virtual nlohmann::json state() const = 0;
  /// Throws Error if this is not a state of such a schedule.
  virtual void restore(const nlohmann::json& state) = 0;
};

/// The options of PyTorch's ReduceLROnPlateau, mode "min", threshold mode "rel", with its defaults.
struct PlateauOptions {
  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  std::int64_t cooldown = 0;
  double min_rate = 0;
  double eps = 1e-8;
};

/// The same rate throughout.
std::unique_ptr<LearningRateSchedule> constant_schedule(double rate);

/// torch.optim.lr_scheduler.ReduceLROnPlateau: the rate is multiplied by `factor` when the loss has
/// not fallen below (1 - threshold) times its best for more than `patience` epochs.
std::unique_ptr<LearningRateSchedule> plateau_schedule(double rate, const PlateauOptions& options);

/// rate * factor^epoch (torch.optim.lr_scheduler.ExponentialLR).
std::unique_ptr<LearningRateSchedule> exponential_schedule(double rate, double factor);

/// rate / (1 + decay * step), as the published AdaIN code does.
std::unique_ptr<LearningRateSchedule> inverse_time_schedule(double rate, double decay);

}  // namespace epochal

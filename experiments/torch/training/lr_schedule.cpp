// The four learning-rate schedules.

#include "experiments/torch/training/lr_schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "framework/base/error.h"

namespace epochal {
namespace {

using nlohmann::json;

double number(const json& state, const char* name) {
  if (!state.is_object() || !state.contains(name) || !state[name].is_number()) {
    throw Error("the checkpoint's learning-rate schedule is damaged", {},
                "remove the run and run the sweep again");
  }
  return state[name].get<double>();
}

class Constant : public LearningRateSchedule {
 public:
  explicit Constant(double rate) : rate_(rate) {}

  double rate() const override { return rate_; }
  json state() const override { return json::object(); }
  void restore(const json& /*state*/) override {}

 private:
  double rate_;
};

class Plateau : public LearningRateSchedule {
 public:
  Plateau(double rate, const PlateauOptions& options) : rate_(rate), options_(options) {}

  double rate() const override { return rate_; }

  void after_epoch(double loss) override {
    // A NaN is never better than the best, as in PyTorch.
    if (loss < best_ * (1 - options_.threshold)) {
      best_ = loss;
      bad_epochs_ = 0;
    } else {
      ++bad_epochs_;
    }
    if (cooldown_left_ > 0) {
      --cooldown_left_;
      bad_epochs_ = 0;
    }
    if (bad_epochs_ <= options_.patience) return;
    const double reduced = std::max(rate_ * options_.factor, options_.min_rate);
    if (rate_ - reduced > options_.eps) rate_ = reduced;
    cooldown_left_ = options_.cooldown;
    bad_epochs_ = 0;
  }

  json state() const override {
    json state{{"rate", rate_}, {"bad_epochs", bad_epochs_}, {"cooldown_left", cooldown_left_}};
    if (std::isfinite(best_)) state["best"] = best_;  // JSON has no infinity
    return state;
  }

  void restore(const json& state) override {
    rate_ = number(state, "rate");
    bad_epochs_ = static_cast<std::int64_t>(number(state, "bad_epochs"));
    cooldown_left_ = static_cast<std::int64_t>(number(state, "cooldown_left"));
    best_ = state.contains("best") ? number(state, "best") : kNone;
  }

 private:
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  double rate_;
  PlateauOptions options_;
  double best_ = kNone;
  std::int64_t bad_epochs_ = 0;
  std::int64_t cooldown_left_ = 0;
};

class Exponential : public LearningRateSchedule {
 public:
  Exponential(double rate, double factor) : rate_(rate), factor_(factor) {}

  double rate() const override { return rate_; }
  void after_epoch(double /*training_loss*/) override { rate_ *= factor_; }
  json state() const override { return {{"rate", rate_}}; }
  void restore(const json& state) override { rate_ = number(state, "rate"); }

 private:
  double rate_;
  double factor_;
};

class InverseTime : public LearningRateSchedule {
 public:
  InverseTime(double rate, double decay) : rate_(rate), decay_(decay) {}

  double rate() const override { return rate_ / (1 + decay_ * steps_); }
  void after_step() override { steps_ += 1; }
  json state() const override { return {{"steps", steps_}}; }
  void restore(const json& state) override { steps_ = number(state, "steps"); }

 private:
  double rate_;
  double decay_;
  double steps_ = 0;
};

}  // namespace

std::unique_ptr<LearningRateSchedule> constant_schedule(double rate) {
  return std::make_unique<Constant>(rate);
}

std::unique_ptr<LearningRateSchedule> plateau_schedule(double rate, const PlateauOptions& options) {
  return std::make_unique<Plateau>(rate, options);
}

std::unique_ptr<LearningRateSchedule> exponential_schedule(double rate, double factor) {
  return std::make_unique<Exponential>(rate, factor);
}

std::unique_ptr<LearningRateSchedule> inverse_time_schedule(double rate, double decay) {
  return std::make_unique<InverseTime>(rate, decay);
}

}  // namespace epochal

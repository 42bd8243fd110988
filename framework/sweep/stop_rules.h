#pragma once

#include <optional>
#include <string>

#include "framework/plugin/experiment.h"

namespace epochal {

/// When a run without prospects is stopped: the [stop] table of a sweep.
struct StopRules {
  /// The run has not improved by more than `min_delta` for `epochs` epochs.
  struct Patience {
    Epoch epochs = 0;
    double min_delta = 0;
  };

  /// Median stopping rule (Golovin et al., "Google Vizier", 2017, 3.2.2): the run's best value so
  /// far is worse than the median of the others' running averages up to the same epoch. Vizier
  /// takes completed trials as the others; here any that reached the epoch count.
  struct Median {
    Epoch warmup = 1;  ///< epochs that every run gets
    int runs = 3;      ///< others that must have reached the epoch
  };

  /// Asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter
  /// Tuning", 2020): at epochs first, first * factor, first * factor^2, … a run goes on if its
  /// value is among the best 1/factor of the runs that reached the epoch. With brackets it is run
  /// several times beside itself (Li et al., "Hyperband", 2018): bracket s = 0, 1, … starts at
  /// first * factor^s, and only runs of one bracket are compared.
  struct Asha {
    Epoch first = 1;
    int factor = 3;
    int brackets = 1;
  };

  std::string metric;  ///< empty: the experiment's objective
  bool lower_is_better = true;
  bool has_mode = false;       ///< whether the sweep sets `mode`
  std::optional<double> good;  ///< a run that has reached this value is never stopped
  std::string within;          ///< compare only runs with the same value of this parameter
  std::optional<Patience> patience;
  std::optional<Median> median;
  std::optional<Asha> asha;

  bool any() const { return patience || median || asha; }
};

/// One line for a worker, which stop_rules() reads.
std::string to_text(const StopRules& rules);

/// Throws Error for anything that to_text() did not write.
StopRules stop_rules(const std::string& text);

}  // namespace epochal

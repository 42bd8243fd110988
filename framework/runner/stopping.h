#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/stop_rules.h"

namespace epochal {

/// A metric's values by epoch.
using ValuesByEpoch = std::map<Epoch, double>;

/// A run as the stop rules see it.
struct MeasuredRun {
  ValuesByEpoch values;
  std::int64_t place = 0;  ///< in its sweep, from 0
};

/// The bracket of a run, from 0. Each bracket is to cost about the same, so that of B brackets the
/// one that starts at the k-th of their first epochs gets ⌈B factor^(B-k) / (B-k+1)⌉ runs of each
/// round (Li et al. 2018, Algorithm 1). Multiples of the golden ratio spread them evenly over the
/// places.
int bracket_of(const StopRules::Asha& asha, std::int64_t place);

/// Why a run should stop after its last epoch, in one sentence; none if it should go on. `others`:
/// the runs that it is compared with. The comparison never stops the best run, and no rule stops a
/// run that has reached `good`. NaN counts as the worst value.
std::optional<std::string> reason_to_stop(const StopRules& rules, const MeasuredRun& own,
                                          const std::vector<MeasuredRun>& others);

}  // namespace epochal

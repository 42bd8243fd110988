#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/stop_rules.h"

namespace epochal {

/// A metric's values by epoch.
using ValuesByEpoch = std::map<Epoch, double>;

/// Why a run should stop after its last epoch, in one sentence; none if it should go on. `others`:
/// the runs that it is compared with. The comparison never stops the best run, and no rule stops a
/// run that has reached `good`. NaN counts as the worst value.
std::optional<std::string> reason_to_stop(const StopRules& rules, const ValuesByEpoch& own,
                                          const std::vector<ValuesByEpoch>& others);

}  // namespace epochal

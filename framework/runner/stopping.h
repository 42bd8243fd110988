#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/sweep/stop_rules.h"

namespace epochal {

/// A metric's values by epoch.
using ValuesByEpoch = std::map<Epoch, double>;

/// Why a run shall stop after its last epoch, in one sentence; none if it shall go on. `others` are
/// the runs that it is compared with. The best of all is never stopped for its comparison with the
/// others, and a run that is `good` never at all. NaN counts as the worst value.
std::optional<std::string> reason_to_stop(const StopRules& rules, const ValuesByEpoch& own,
                                          const std::vector<ValuesByEpoch>& others);

}  // namespace epochal

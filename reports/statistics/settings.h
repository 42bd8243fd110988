#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/records.h"

namespace epochal {

/// Mean, spread and count of a metric over seeds.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< sample standard deviation; 0 for a single value
  std::size_t count = 0;
};

/// Of these values; none without one. A NaN makes mean and deviation NaN: a replicate has diverged.
std::optional<Spread> spread_of(const std::vector<double>& values);

/// "2.31 ± 0.05", or "2.31" for a single value.
std::string format_spread(const Spread& spread);

/// Indices of runs that differ in the seed alone, in the order of their first ones.
std::vector<std::vector<std::size_t>> runs_by_setting(const std::vector<RunRecord>& runs);

}  // namespace epochal

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/records.h"

namespace epochal::report {

/// Mean, spread and count of a metric over seeds.
struct Spread {
  double mean = 0;
  double deviation = 0;  ///< sample standard deviation; 0 for a single value
  std::size_t count = 0;
};

/// The spread of these values; none if there are none. A NaN, from a diverged run, makes mean and
/// deviation NaN.
std::optional<Spread> spread_of(const std::vector<double>& values);

/// "2.31 ± 0.05", or "2.31" for a single value.
std::string format_spread(const Spread& spread);

/// Groups of indices of runs that differ only in their seed, in the order of their first runs.
std::vector<std::vector<std::size_t>> runs_by_setting(const std::vector<store::RunRecord>& runs);

}  // namespace epochal::report

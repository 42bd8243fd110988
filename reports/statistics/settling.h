#pragma once

#include <optional>

#include "db/records.h"

namespace epochal::report {

/// Fewer epochs show no noise.
constexpr std::size_t kFewestEpochsForSettling = 5;

/// The default of the distance from the end, as a share of the end.
constexpr double kSettledDistance = 0.1;

/// When a series settles: from that epoch on it stays within a distance of its end.
struct Settling {
  Epoch epoch = 0;
  Epoch earliest = 0;
  std::optional<Epoch> latest;  ///< none: its noise is too large to show that it settles at all
};

/// `distance`: relative to the end, which is the median of the last fifth of the epochs, at least
/// three. The beginning has no part in it. The series is smoothed by medians of five epochs.
/// From `earliest` on, the smoothed series is nowhere outside by more than its noise explains; from
/// `latest` on it is inside everywhere by more than its noise. Both together are false in at most
/// `level` of the cases. None with too few epochs or values that are not finite.
std::optional<Settling> settling_of(const store::Series& series, double distance,
                                    double level = 0.05);

}  // namespace epochal::report

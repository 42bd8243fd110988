#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/parameters.h"
#include "framework/base/quantities.h"

namespace epochal {

/// A statement that the records can support or refute: a [[claim]] of a sweep file.
/// reports/claims.h describes what each kind tests.
struct Claim {
  enum class Kind {
    decreases,
    increases,
    equal_within,
    ratio,
    better_than,
    power_law,
    converged_by,
    settled,
    spikes,
    gap
  };

  /// Which number of a run's series is used.
  enum class Statistic { first, last, best, settled };

  std::string text;
  std::string where;  ///< "study.toml:40:1"
  Kind kind = Kind::decreases;
  std::string metric;  ///< empty: the report's main metric
  std::string over;    ///< parameter whose values are compared; empty: the report's compare_by
  Statistic statistic = Statistic::last;
  std::string
      only_name;  ///< judge only runs with this value of this parameter, or seed; empty: all
  ParameterValue only_value;
  int seeds = 0;  ///< fewest seeds per value for a verdict; 0: the kind's default
  std::optional<std::int64_t> at_step;    ///< take metrics at this step; none: at the end
  std::optional<std::int64_t> at_images;  ///< the same by images
  double expected = 0;                    ///< ratio; power_law: the exponent
  /// ratio, equal_within, converged_by: relative; power_law: of the exponent
  double tolerance = 0;
  double margin = 0;            ///< equal_within: absolute; 0: the tolerance counts
  double distance = 0.1;        ///< settled: from the end, relative to it
  Epoch epoch = 0;              ///< converged_by, settled
  Epoch window = 0;             ///< converged_by: number of epochs; 0: a fifth and one more
  std::vector<Epoch> epochs;    ///< spikes: near these; empty: anywhere
  Epoch within = 1;             ///< spikes: how near
  double height = 0;            ///< spikes: as a factor of what the neighbours make likely
  std::string training_metric;  ///< gap; empty: train.X for val.X
  double at_most = 0;           ///< gap: relative to the training metric
  ParameterValue value;         ///< better_than: the value of `over` that is better
  ParameterValue than;          ///< and the one that it is better than
};

/// The word for it in a sweep file.
std::string_view name_of(Claim::Kind kind);
std::string_view name_of(Claim::Statistic statistic);

}  // namespace epochal

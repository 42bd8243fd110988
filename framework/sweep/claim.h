#pragma once

#include <string>
#include <vector>

#include "framework/base/parameters.h"
#include "framework/base/quantities.h"

namespace epochal {

/// A sentence of a study that the records can support or refute: a [[claim]] of a sweep file. What
/// each kind asks is written out where it is judged (reports/claims.h).
struct Claim {
  enum class Kind { decreases, increases, ratio, converged_by, spikes, gap, better_than };

  /// Which number of a run's series is meant.
  enum class Statistic { first, last, best, settled };

  std::string text;
  std::string where;  ///< "study.toml:40:1"
  Kind kind = Kind::decreases;
  std::string metric;  ///< empty: the report's main metric
  std::string over;    ///< parameter whose values are compared; empty: the report's compare_by
  Statistic statistic = Statistic::last;
  std::string only_name;  ///< judge only runs with this value of this parameter; empty: all
  ParameterValue only_value;
  int seeds = 0;                ///< fewest seeds a value that decide; 0: the kind's default
  double expected = 0;          ///< ratio
  double tolerance = 0;         ///< ratio, converged_by: relative
  Epoch epoch = 0;              ///< converged_by
  std::vector<Epoch> epochs;    ///< spikes: near these; empty: anywhere
  Epoch within = 1;             ///< spikes: how near
  double height = 0;            ///< spikes: over the median of the neighbours, as a factor
  std::string training_metric;  ///< gap; empty: train.X for val.X
  double at_most = 0;           ///< gap: relative to the training metric
  ParameterValue value;         ///< better_than: the value of `over` that is better…
  ParameterValue than;          ///< …and the one that it is better than
};

/// The word for it in a sweep file.
std::string_view name_of(Claim::Kind kind);
std::string_view name_of(Claim::Statistic statistic);

}  // namespace epochal

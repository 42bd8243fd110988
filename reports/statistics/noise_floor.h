#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal::report {

/// A pooled sample standard deviation.
struct PooledSpread {
  double deviation = 0;
  std::size_t runs = 0;      ///< that have a share in it
  std::size_t settings = 0;  ///< over which it is pooled
};

/// How far a number varies between runs that should give the same.
struct NoiseFloor {
  /// Over seeds of one setting that ran under the same conditions (see run_conditions.h).
  std::optional<PooledSpread> seeds;
  /// Over seeds of one setting, whatever their conditions; none if no setting has several.
  std::optional<PooledSpread> mixed;
  /// The numbers of runs by their conditions; runs without records of them are left out.
  std::map<std::string, std::size_t> conditions;

  /// "± 0.012 over seeds (6 runs, 2 settings), all with 2 threads, AMD EPYC". Says what was not
  /// measured.
  std::string text() const;
};

/// The value of a run that is compared.
struct MeasuredRun {
  const ReportedRun* run = nullptr;
  double value = 0;
};

NoiseFloor noise_floor_of(const std::vector<MeasuredRun>& runs);

/// The same of the last values of the main metric of finished runs.
NoiseFloor noise_floor_of(const ReportData& data);

}  // namespace epochal::report

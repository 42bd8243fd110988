#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report_data.h"

namespace epochal::report {

/// The importance of one parameter for the final values.
struct Importance {
  std::string parameter;
  double share = 0;  ///< of the variance, from 0 to 1
  /// Of so large a share by chance, after Holm's correction over the parameters: an F test of the
  /// settings' means over seeds, since seeds of one setting say nothing more of its parameters.
  /// None if there are too few settings for a test, or too large numbers.
  std::optional<double> p = {};
};

/// For each parameter that differs: the share of the variance of the main metric's last value that
/// the means of its values explain, corrected for their number (epsilon squared, Kelley 1935).
/// Numbers with more than five values are put into five bins of equally many runs. Interactions are
/// ignored, and parameters that vary together share their effect. Largest first; empty with fewer
/// than twelve runs that have a finite value. `runs` must be comparable (see comparable_runs()).
std::vector<Importance> importance_of(const ReportData& data,
                                      const std::vector<const ReportedRun*>& runs);

}  // namespace epochal::report

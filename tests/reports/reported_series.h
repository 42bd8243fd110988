#pragma once

// A run's epochs from the series of its losses, for tests of reports.

#include <string>
#include <vector>

#include "reports/findings.h"
#include "reports/report_data.h"

namespace epochal::report {

/// A value an epoch, from the first one on.
inline store::Series numbered(const std::vector<double>& values, Epoch first = 1) {
  store::Series series;
  for (const double value : values) {
    series.push_back({first + static_cast<Epoch>(series.size()), value});
  }
  return series;
}

/// Makes the run one of an epoch a value, all done. `training` may be shorter.
inline void set_series(ReportedRun& run, const std::vector<double>& validation,
                       const std::vector<double>& training) {
  for (std::size_t i = 0; i < validation.size(); ++i) {
    store::EpochRecord epoch;
    epoch.number = static_cast<Epoch>(i) + 1;
    run.metrics["val.total"].push_back({epoch.number, validation[i]});
    if (i < training.size()) run.metrics["train.total"].push_back({epoch.number, training[i]});
    run.epochs.push_back(epoch);
  }
  run.run.epochs = run.run.epochs_done = static_cast<Epoch>(validation.size());
}

/// A line for each finding.
inline std::string findings_text(const ReportData& data) {
  std::string text;
  for (const std::string& sentence : findings_of(data)) text += sentence + "\n";
  return text;
}

}  // namespace epochal::report

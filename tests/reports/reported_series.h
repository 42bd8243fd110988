#pragma once

// A run's epochs from the series of its losses, for tests of reports.

#include <vector>

#include "reports/report_data.h"

namespace epochal::report {

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

}  // namespace epochal::report

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reports/report_data.h"

namespace epochal::report {

/// When the metrics of runs are taken: at their ends, or after the same number of steps or images.
struct Moment {
  std::optional<std::int64_t> steps;
  std::optional<std::int64_t> images;

  bool is_end() const { return !steps && !images; }

  /// " at step 1,000"; empty for the end.
  std::string text() const;

  /// What a run must do to have a number there: "comes to step 1,000 and has an epoch that ends by
  /// it". Not for the end.
  std::string condition_text() const;
};

Moment moment_of(const Claim& claim);

/// The last epoch of a run whose steps (images), summed from its first, are at most those of the
/// moment (store::epoch_at). None if it has not come that far, or its records do not say. At the
/// end: its last epoch; none if it is not finished.
std::optional<Epoch> epoch_at(const ReportedRun& run, const Moment& moment);

/// The part of a series up to an epoch.
store::Series up_to(const store::Series& series, Epoch last);

}  // namespace epochal::report

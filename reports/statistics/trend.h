#pragma once

#include <optional>

#include "db/records.h"
#include "reports/statistics/student.h"

namespace epochal::report {

/// Fewer epochs have no error of a line.
constexpr std::size_t kFewestEpochsForATrend = 4;

/// The change of a series from epoch `first` to `last` by the least-squares line through these
/// epochs, relative to the line's value at `last`. Its error is the line's own, widened by the
/// autocorrelation of neighbouring epochs (Cochrane and Orcutt, JASA 1949), whose bias in short
/// series is corrected. None with too few epochs in the range, values that are not finite, or a
/// line that ends at 0.
std::optional<Estimate> relative_change(const store::Series& series, Epoch first, Epoch last);

}  // namespace epochal::report

#pragma once

#include "reports/figures/plot.h"

namespace epochal::report {

/// Reduces the points of a plot to what a reader can distinguish and a page can hold. Of each
/// section of a long curve it keeps the lowest, the highest, the first and the last point, and
/// gaps; of a long band the lowest low and the highest high. Does not change scatter plots. Returns
/// whether anything was left out.
bool down_sample(Plot& plot);

}  // namespace epochal::report

#pragma once

#include "reports/figures/plot.h"

namespace epochal {

/// Leaves a plot no more points than a reader can tell apart and a page can hold: of each stretch
/// of a long curve its lowest and its highest, its first and last point, and a gap where one was;
/// of a long band the lowest low and the highest high. Clouds of points stay as they are. Returns
/// whether anything was left out.
bool down_sample(Plot& plot);

}  // namespace epochal

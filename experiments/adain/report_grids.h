#pragma once

#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// What a run makes of the `content` and `style` pictures of a report: a grid for each of its
/// `alpha` (default 1). Pictures are cut to squares of 128 pixels. Throws Error if only one of the
/// two is named, a picture cannot be read, or an alpha is not from 0 to 1.
std::vector<Sample> report_grids(const TrainedRun& run, const ReportInputs& inputs);

}  // namespace epochal::adain

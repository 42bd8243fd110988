#pragma once

#include "framework/plugin/experiment.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// What a sweep's [report] gives the experiment to draw, checked against what it declares. Throws
/// Error, naming the place, for a key that it does not declare (with the nearest one) and for a
/// value of another kind.
ReportInputs report_inputs_of(const Sweep& sweep, const ExperimentInfo& experiment);

}  // namespace epochal

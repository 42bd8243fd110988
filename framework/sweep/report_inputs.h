#pragma once

#include "framework/plugin/experiment.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// The inputs in a sweep's [report], checked against the experiment's declaration. Throws
/// Error, naming the place, for a key that it does not declare (with the nearest one) and for a
/// value of another kind. Where the sweep has several experiments, a key may be another's.
ReportInputs report_inputs_of(const Sweep& sweep, const ExperimentInfo& experiment);

/// Throws what report_inputs_of() does for any of the experiments, and for a key that none
/// declares.
void check_report_inputs(const Sweep& sweep, const SweepExperiments& experiments);

}  // namespace epochal

#pragma once

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// The keys of [report] that the experiment takes.
std::vector<ReportInputSpec> report_inputs();

/// What a run makes of the `content` and `style` pictures of a report (files, or generated ones as
/// "generated:scenes:3"): a grid for each of its `alpha` (default 1). Pictures are cut to squares
/// of 192 pixels. Its measurements are means over all pairs at the largest alpha: the simple
/// measures of judge.h, and the losses under the network that `judge` names, if it does. Throws
/// Error if only one of content and style is named, a picture or the judge cannot be read, or an
/// alpha is not from 0 to 1.
Drawing report_grids(const TrainedRun& run, const ReportInputs& inputs);

/// The same by the decoder that `reference` names and its `reference_encoder` ("mini" where it is
/// not named); none where there is no `reference`.
std::optional<ReferenceDrawing> reference_grids(const ReportInputs& inputs);

}  // namespace epochal::adain

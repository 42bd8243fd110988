#pragma once

#include <memory>
#include <vector>

#include "experiments/torch/weights/vgg_encoder.h"
#include "framework/plugin/experiment.h"

namespace epochal::encoder {

Schema schema();

/// The losses, and of each of the four levels what is left unexplained of the teacher's variance.
std::vector<MetricSpec> metrics();

/// Trains a narrow VGG-style encoder to see what a wide one sees.
std::unique_ptr<Experiment> make_experiment();

/// Looks at the teacher's weights and the images.
std::unique_ptr<InputInspector> make_inspector();

/// The encoder of a run's checkpoint, not yet normalised. Throws Error.
Encoder trained_encoder(const TrainedRun& run);

/// `epochal encoder export`: a run's encoder, normalised, as a weights file for other experiments.
/// Returns the exit code and throws Error. `arguments` are those after the verb.
int export_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run);

}  // namespace epochal::encoder

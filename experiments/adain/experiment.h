#pragma once

#include <memory>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// Trains a decoder for adaptive instance normalisation.
std::unique_ptr<Experiment> make_experiment();

/// Checks folders, sizes and weights before a run is started.
std::unique_ptr<InputInspector> make_inspector();

}  // namespace epochal::adain

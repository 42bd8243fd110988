#pragma once

#include <memory>

#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// Trains a decoder for adaptive instance normalisation.
std::unique_ptr<Experiment> make_experiment();

}  // namespace epochal::adain

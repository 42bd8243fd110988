#pragma once

#include <memory>
#include <vector>

#include "framework/plugin/experiment.h"

namespace epochal::encoder {

Schema schema();

/// Trains a small VGG-style encoder to tell what generated patterns show.
std::unique_ptr<Experiment> make_experiment();

/// `epochal encoder export`: a run's encoder, normalised, as a weights file for other experiments.
std::vector<Verb> verbs();

}  // namespace epochal::encoder

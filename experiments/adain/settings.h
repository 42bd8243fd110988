#pragma once

#include <memory>

#include "experiments/adain/network.h"
#include "experiments/torch/lr_schedule.h"
#include "framework/plugin/parameter.h"

namespace epochal::adain {

/// All parameters of the experiment.
Schema schema();

/// The encoder that a run's parameters name, frozen, in evaluation mode. Throws Error.
Encoder make_encoder(const Parameters& parameters);

/// Hash or name of the encoder's weights, for the run's identity.
std::string weights_fingerprint(const Parameters& parameters);

std::unique_ptr<LearningRateSchedule> make_schedule(const Parameters& parameters);

/// Shorter side to which images are resized before they are cropped. Throws Error if the crop would
/// not fit.
int resize_side(const Parameters& parameters);

}  // namespace epochal::adain

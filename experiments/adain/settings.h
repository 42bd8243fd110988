#pragma once

#include <memory>

#include "experiments/adain/network.h"
#include "experiments/torch/training/lr_schedule.h"
#include "framework/plugin/experiment.h"
#include "framework/plugin/parameter.h"

namespace epochal::adain {

/// All parameters of the experiment.
Schema schema();

/// All metrics of the experiment: the losses of Huang & Belongie (2017), eq. 11 to 13.
std::vector<MetricSpec> metrics();

/// The encoder of these parameters, frozen: "mini" (which ships with epochal), "random", or the
/// weights file that `encoder` names. Throws Error.
Encoder make_encoder(const Parameters& parameters);

/// The encoder that a run was trained with. Throws Error, too, if its file has changed since then:
/// the decoder would paint nonsense from its features.
Encoder encoder_of(const TrainedRun& run);

/// The frozen network that losses are measured with, empty where it is the one that encodes. Throws
/// Error.
Encoder make_loss_encoder(const Parameters& parameters);

/// The decoder "mini" or that of a weights file (see find_decoder). Throws Error.
Decoder load_decoder(const std::string& name);

/// The decoder that a training starts from: what `init` says, weights drawn from `seed`. Throws
/// Error if it names a decoder of another width.
Decoder make_decoder(const Parameters& parameters, int width_divisor, std::uint64_t seed);

/// Hash or name of all weights that a run begins with, for its identity.
std::string weights_fingerprint(const Parameters& parameters);

std::unique_ptr<LearningRateSchedule> make_schedule(const Parameters& parameters);

/// Shorter side to which images are resized before they are cropped. Throws Error if the crop would
/// not fit.
int resize_side(const Parameters& parameters);

/// Memory for content features and style statistics that are kept across epochs; 0 for none. Throws
/// Error if they are to be kept although crops change.
std::int64_t target_bytes(const Parameters& parameters);

}  // namespace epochal::adain

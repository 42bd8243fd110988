#pragma once

#include <optional>

#include "experiments/adain/network.h"
#include "experiments/torch/verb_options.h"
#include "framework/plugin/experiment.h"

namespace epochal::adain {

/// The networks that a command was asked to use, on the device it computes on, and where they come
/// from.
struct ChosenNetworks {
  Encoder encoder{nullptr};
  Decoder decoder{nullptr};
  torch::Device device = torch::kCPU;
  std::optional<TrainedRun> run;  ///< whose decoder it is
};

/// Declares --decoder and --encoder (--run is always there).
void add_network_options(VerbOptions& options);

/// A run of the store, a decoder's file, or the pair that ships with epochal where neither is
/// named. The encoder is the run's or "mini", unless --encoder names another. Throws Error if they
/// do not belong together.
ChosenNetworks load_networks(const VerbOptions& options, const Verb::FindRun& find_run);

}  // namespace epochal::adain

// What the framework sees of the experiment.

#include <torch/version.h>

#include <opencv2/core/version.hpp>

#include "experiments/encoder/experiment.h"
#include "experiments/encoder/patterns.h"
#include "framework/plugin/experiment.h"

namespace {

class Inspector : public epochal::InputInspector {
 public:
  epochal::InputFingerprints inspect(const epochal::Parameters& /*parameters*/) override {
    return {"patterns, version " + std::to_string(epochal::encoder::kPatternVersion), {}};
  }
};

epochal::ExperimentInfo encoder_info() {
  epochal::ExperimentInfo info;
  info.name = "encoder";
  info.version = 2;
  info.summary = "trains a small VGG-style encoder on what generated patterns show";
  info.schema = epochal::encoder::schema();
  info.objective = "val.loss";
  info.create = epochal::encoder::make_experiment;
  info.create_inspector = [] { return std::make_unique<Inspector>(); };
  info.libraries = {{"LibTorch", TORCH_VERSION}, {"OpenCV", CV_VERSION}};
  info.verbs = epochal::encoder::verbs();
  return info;
}

}  // namespace

EPOCHAL_EXPERIMENT(encoder_info)

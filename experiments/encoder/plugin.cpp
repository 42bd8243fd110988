// What the framework sees of the experiment.

#include <torch/version.h>

#include <opencv2/core/version.hpp>

#include "experiments/encoder/experiment.h"
#include "framework/plugin/experiment.h"

namespace {

epochal::ExperimentInfo encoder_info() {
  epochal::ExperimentInfo info;
  info.name = "encoder";
  info.version = 3;
  info.summary = "distils a narrow VGG-style encoder from a wide one (Wang et al. 2020)";
  info.sample_word = "images";
  info.schema = epochal::encoder::schema();
  info.metrics = epochal::encoder::metrics();
  info.objective = "val.loss";
  info.epoch_size = [](const epochal::Parameters& parameters) {
    return epochal::EpochSize{parameters.integer("dataset_size"), parameters.integer("batch_size")};
  };
  info.create = epochal::encoder::make_experiment;
  info.create_inspector = epochal::encoder::make_inspector;
  info.libraries = {{"LibTorch", TORCH_VERSION}, {"OpenCV", CV_VERSION}};
  info.verbs = {{"export", "a run's encoder, normalised, as a float16 safetensors file",
                 epochal::encoder::export_verb}};
  return info;
}

}  // namespace

EPOCHAL_EXPERIMENT(encoder_info)

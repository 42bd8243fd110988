// What the framework sees of the experiment.

#include <torch/version.h>

#include <opencv2/core/version.hpp>

#include "experiments/adain/experiment.h"
#include "experiments/adain/report_grids.h"
#include "experiments/adain/settings.h"
#include "experiments/adain/verbs.h"
#ifdef EPOCHAL_WITH_ONEDNN
#include "experiments/torch/convolution/convolution_chain.h"
#endif
#include "framework/plugin/experiment.h"

namespace {

epochal::ExperimentInfo adain_info() {
  epochal::ExperimentInfo info;
  info.name = "adain";
  info.version = 4;
  info.summary = "neural style transfer by adaptive instance normalisation (Huang & Belongie 2017)";
  info.sample_word = "images";
  info.schema = epochal::adain::schema();
  info.metrics = epochal::adain::metrics();
  info.objective = "val.total";
  info.create = epochal::adain::make_experiment;
  info.create_inspector = epochal::adain::make_inspector;
  info.libraries = {{"LibTorch", TORCH_VERSION}, {"OpenCV", CV_VERSION}};
#ifdef EPOCHAL_WITH_ONEDNN
  info.libraries["oneDNN"] = epochal::ConvolutionChain::library_version();
#endif
  info.verbs = {
      {"stylize", "paint photographs in the style of paintings", epochal::adain::stylize_verb},
      {"loss", "content, style and total loss of one pair, as JSON", epochal::adain::loss_verb},
      {"judge", "how good a model's pictures are, by another network and by simple measures",
       epochal::adain::judge_verb},
      {"export", "a run's decoder as a safetensors file", epochal::adain::export_verb}};
  info.report_inputs = epochal::adain::report_inputs();
  info.draw = epochal::adain::report_grids;
  info.draw_reference = epochal::adain::reference_grids;
  info.epoch_size = [](const epochal::Parameters& parameters) {
    return epochal::EpochSize{parameters.integer("dataset_size"), parameters.integer("batch_size")};
  };
  // The published code's: 160,000 of 8 pairs each.
  info.published_steps = 160'000;
  return info;
}

}  // namespace

EPOCHAL_EXPERIMENT(adain_info)

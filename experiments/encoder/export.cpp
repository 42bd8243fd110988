// `epochal encoder export`: from a run to an encoder that others can use.

#include <iostream>

#include "experiments/encoder/experiment.h"
#include "experiments/encoder/normalise.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/verb_options.h"
#include "experiments/torch/weights/safetensors.h"

namespace epochal::encoder {

int export_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options("encoder export --run RUN -o FILE.safetensors");
  options.add()("output,o", boost::program_options::value<std::string>()->value_name("FILE"),
                "the safetensors file to write");
  if (!options.parse(arguments)) return 0;
  const std::string& output = options.text("output");
  check_weights_place(output);
  const TrainedRun run = find_run(options.text("run"));

  Encoder encoder = trained_encoder(run);
  constexpr int kOfEachKind = 100;
  constexpr int kSide = 128;
  normalise_activations(encoder, typical_images(kOfEachKind, kSide));
  NamedTensors weights = weights_of(*encoder);
  round_to_float16(weights, output);
  write_safetensors(output, weights);
  std::cout << output << '\n';
  return 0;
}

}  // namespace epochal::encoder

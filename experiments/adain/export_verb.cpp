// `epochal adain export`: a run's decoder as a file.

#include <iostream>

#include "experiments/adain/settings.h"
#include "experiments/adain/verbs.h"
#include "experiments/torch/training/training_state.h"
#include "experiments/torch/verb_options.h"
#include "experiments/torch/weights/safetensors.h"

namespace epochal::adain {

int export_verb(const std::vector<std::string>& arguments, const Verb::FindRun& find_run) {
  VerbOptions options("adain export --run RUN [--float16] -o FILE.safetensors");
  options.add()("output,o", boost::program_options::value<std::string>()->value_name("FILE"),
                "the safetensors file to write")(
      "float16", "round the weights to 16 bits: half the size, with no visible difference");
  if (!options.parse(arguments)) return 0;
  const std::string& output = options.text("output");
  check_weights_place(output);
  const TrainedRun run = find_run(options.text("run"));
  const Decoder decoder = load_decoder(run.checkpoint / "decoder.safetensors");
  NamedTensors weights = weights_of(*decoder);
  if (options.has("float16")) round_to_float16(weights, output);
  write_safetensors(output, weights);
  std::cout << output << '\n';
  return 0;
}

}  // namespace epochal::adain

// The table of the experiment's commands.

#include "experiments/adain/verbs.h"

namespace epochal::adain {

std::vector<Verb> verbs() {
  return {{"stylize", "paint photographs in the style of paintings", stylize_verb},
          {"loss", "content, style and total loss of one pair, as JSON", loss_verb},
          {"judge", "how good a model's pictures are, by another network and by simple measures",
           judge_verb},
          {"export", "a run's decoder as a safetensors file", export_verb}};
}

}  // namespace epochal::adain

// Defaults of the optional parts of an experiment.

#include "framework/plugin/experiment.h"

namespace epochal {

std::vector<Sample> Experiment::samples(Epoch /*epoch*/) {
  return {};
}

std::string Experiment::device() const {
  return "cpu";
}

}  // namespace epochal

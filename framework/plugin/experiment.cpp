// Defaults of the optional parts of an experiment.

#include "framework/plugin/experiment.h"

namespace epochal {

std::vector<Sample> Experiment::samples(Epoch /*epoch*/) {
  return {};
}

Bytes Experiment::memory_to_come() const {
  return 0;
}

std::string Experiment::device() const {
  return "cpu";
}

}  // namespace epochal

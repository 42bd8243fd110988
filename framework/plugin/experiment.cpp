// Defaults of the optional parts of an experiment, and what it declares.

#include "framework/plugin/experiment.h"

#include <algorithm>

namespace epochal {

ValidationSamples Experiment::validation_samples() const {
  return {};
}

std::vector<Sample> Experiment::samples(Epoch /*epoch*/) {
  return {};
}

bool Experiment::has_more(Progress& /*progress*/) {
  return false;
}

bool Experiment::ends_early() const {
  return false;
}

void Experiment::finish(Progress& /*progress*/) {}

void Experiment::stop(std::string_view /*why*/) {}

Bytes Experiment::memory_to_come() const {
  return 0;
}

std::string Experiment::device() const {
  return "cpu";
}

std::string_view name_of(Better better) {
  return better == Better::lower ? "lower" : "higher";
}

std::string_view name_of(ReportInputSpec::Kind kind) {
  constexpr std::string_view names[] = {"path", "paths", "real", "reals"};
  return names[static_cast<std::size_t>(kind)];
}

const MetricSpec* find_metric(const ExperimentInfo& info, std::string_view name) {
  const auto found = std::ranges::find(info.metrics, name, &MetricSpec::name);
  return found == info.metrics.end() ? nullptr : &*found;
}

}  // namespace epochal

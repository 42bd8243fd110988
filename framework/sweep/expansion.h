#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "framework/plugin/experiment.h"
#include "framework/sweep/sweep.h"

namespace epochal {

/// One run that a sweep asks for.
struct RunSpec {
  std::string experiment;
  int experiment_version = 0;
  Parameters parameters;
  std::uint64_t seed = 0;
  Epoch epochs = 0;
  Parameters length;  ///< part of the identity where runs differ in it (see recorded_length)
  /// The formulas of the parameters that the seed decides: the same for all seeds.
  std::map<std::string, std::string> of_seed;
  InputFingerprints inputs;
  std::string identity;        ///< 64 hex digits
  std::string group_identity;  ///< the same for all seeds
};

/// The rules of a sweep's [stop] with the metric and the direction that the experiment declares.
/// Throws Error for a metric that it does not measure, or one without a direction.
StopRules resolved_stop(const Sweep& sweep, const ExperimentInfo& experiment);

/// The search of a sweep that has one, with the metric and the direction that the experiment
/// declares. Throws Error as resolved_stop() does.
SearchRequest resolved_search(const Sweep& sweep, const ExperimentInfo& experiment);

/// The identified run of a point of the sweep's search (see AskedPoint). Throws Error as expand()
/// and identify() do.
RunSpec run_at(const Sweep& sweep, const ExperimentInfo& experiment, const std::string& point);

/// The runs of a sweep, one experiment after another, in an order that depends on the file alone:
/// axes in file order with the last one fastest, seeds fastest of all; points that come out equal
/// are kept once. A text for a parameter that is a number is a formula, worked out once the
/// parameters that it reads are known; a whole number takes it rounded to 12 significant digits and
/// then down, a real one to 12 digits. A formula may read the seed. The length of a run is a number
/// of epochs, steps or images, for all runs or in an axis. A parameter that only some of the
/// experiments have is set for those alone. Of a search these are the runs of its first startup
/// points, at most ten: others depend on what comes of them. `inputs` and `identity` are left
/// empty. Throws Error with the place for values that a schema does not allow.
std::vector<RunSpec> expand(const Sweep& sweep, const SweepExperiments& experiments);

/// Reads every run's inputs and sets its identity. Throws Error (see InputInspector).
void identify(std::vector<RunSpec>& runs, const SweepExperiments& experiments);

/// SHA-256 over experiment, version, the parameters that decide the result, seed and fingerprints;
/// not over the number of epochs, so that more epochs continue a run, unless the experiment
/// declares that its length changes an epoch, the length stands in an axis of the sweep, or the
/// last epoch is short.
std::string run_identity(const RunSpec& run, const ExperimentInfo& experiment);

/// The identity without the seed and what it decides: that of a setting.
std::string group_identity(const RunSpec& run, const ExperimentInfo& experiment);

/// A parameter of a run, or what is recorded of its length; empty if it has no such value.
std::string value_text(const RunSpec& run, std::string_view name);

/// Names of the parameters that differ between the runs of one experiment, in the order of the
/// experiments and of their schemas; and "steps" if the last epoch of a run is short.
std::vector<std::string> varying_parameters(const std::vector<RunSpec>& runs,
                                            const SweepExperiments& experiments);

}  // namespace epochal

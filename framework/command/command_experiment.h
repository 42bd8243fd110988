#pragma once

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The name under which a run's choices have whether it, once interrupted, goes on to the same bits
/// ("exact"), or begins again ("restarted"). No parameter can be called like that.
constexpr char kResumeKind[] = "resume kind";
constexpr char kExact[] = "exact";
constexpr char kRestarted[] = "restarted";

/// Kinds of the events that say what a program said and is not recorded.
constexpr char kLinesEvent[] = "lines";
constexpr char kMetricsEvent[] = "metrics";

/// The experiment that a command is to the rest of epochal: its runs start the program, listen to
/// what it says of each epoch, and, where it can, let it save its state and go on from it.
ExperimentInfo command_experiment(const CommandDeclaration& command);

}  // namespace epochal

#pragma once

#include "framework/command/declaration.h"
#include "framework/plugin/experiment.h"

namespace epochal {

/// The name under which a run's choices record whether it resumes exactly ("exact") or starts again
/// ("restarted") after an interruption. No parameter can have this name.
constexpr char kResumeKind[] = "resume kind";
constexpr char kExact[] = "exact";
constexpr char kRestarted[] = "restarted";

/// Kinds of events about messages of a program that are not recorded.
constexpr char kLinesEvent[] = "lines";
constexpr char kMetricsEvent[] = "metrics";

/// A command as an experiment: its runs start the program, read its messages about each epoch, and,
/// if the program can, let it save its state and resume from it.
ExperimentInfo command_experiment(const CommandDeclaration& command);

}  // namespace epochal
